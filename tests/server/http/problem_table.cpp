// SPDX-License-Identifier: Apache-2.0
// Prints the server's own table of errors as JSON lines, for the test that compares openapi.yaml with it. Codes that
// only the command line meets have status 500.
#include <cstdio>
#include <string>

#include "http/error_map.h"
#include "http/response_head.h"

int main() {
    using namespace countersign::server;
    for (int i = 0; i < kServerErrorCodeCount; ++i) {
        const auto code = static_cast<ServerErrorCode>(i);
        const std::string line = JsonText()
                                     .text("code", server_error_name(code))
                                     .number("status", http_status(code))
                                     .text("title", reason_phrase(http_status(code)))
                                     .text("detail", server_error_sentence(code))
                                     .take();
        std::puts(line.c_str());
    }
    return 0;
}
