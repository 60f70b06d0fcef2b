// SPDX-License-Identifier: Apache-2.0
// Prints the server's own route table as JSON, for the test that compares openapi.yaml with it.
#include <cstdio>
#include <string>

#include "http/routes.h"
#include "log/json_text.h"

int main() {
    using namespace countersign::server;
    for (const Route& route : route_table()) {
        const std::string line = JsonText()
                                     .text("method", route.method)
                                     .text("path", route.path)
                                     .text("credential", credential_kind_name(route.credential))
                                     .text("purpose", route.purpose)
                                     .boolean("consumes_code", route.consumes_code)
                                     .boolean("takes_body", route.takes_body)
                                     .take();
        std::puts(line.c_str());
    }
    return 0;
}
