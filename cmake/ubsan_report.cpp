// SPDX-License-Identifier: Apache-2.0
// GCC's libubsan has a report file of its own, which it never opens where AddressSanitizer is linked as well: what UBSan
// sees would go to a standard error that often nobody reads. So the place and the words are put into AddressSanitizer's
// report file, before UBSan ends the process.
#include <array>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

extern "C" {
void __sanitizer_print_stack_trace();
const char* __sanitizer_get_report_path();
void __ubsan_get_current_report_data(const char** kind, const char** message, const char** file, unsigned* line,
                                     unsigned* column, char** memory);
void __ubsan_on_report();
}

/// Called by libubsan, if there, with each report.
extern "C" void __ubsan_on_report() {
    const char* kind = "";
    const char* message = "";
    const char* file = "";
    unsigned line = 0;
    unsigned column = 0;
    char* memory = nullptr;
    __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &memory);
    __sanitizer_print_stack_trace();  // opens the file
    const char* const path = __sanitizer_get_report_path();
    const int to = path == nullptr ? -1 : ::open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (to < 0) return;  // no file is wanted: libubsan's own words on standard error are enough
    std::array<char, 1024> text{};
    const int size = std::snprintf(text.data(), text.size(), "%s:%u:%u: runtime error: %s: %s\n", file, line, column, kind, message);
    const auto most = static_cast<int>(text.size()) - 1;
    if (size > 0) static_cast<void>(!::write(to, text.data(), static_cast<std::size_t>(size < most ? size : most)));
    ::close(to);
}
