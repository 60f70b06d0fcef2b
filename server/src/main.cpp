// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string_view>

#include <unistd.h>

#include "cli/command.h"

namespace {

/// Starts the server once more with every library bound before the first call. Binding at a call saves the vector
/// registers on the stack, and with them a part of whatever token or code was copied last; nothing would wipe that.
/// Where it cannot be done (no /proc), the server runs all the same.
void bind_libraries_first(int argc, char** argv) {
    constexpr const char* kBindNow = "LD_BIND_NOW";
    const bool serves = argc > 1 && std::string_view(argv[1]) == "serve";
    if (!serves || std::getenv(kBindNow) != nullptr || ::setenv(kBindNow, "1", 1) != 0) return;
    ::execv("/proc/self/exe", argv);
}

}  // namespace

int main(int argc, char** argv) {
    bind_libraries_first(argc, argv);
    return countersign::cli::run(argc, argv);
}
