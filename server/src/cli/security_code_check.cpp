// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/security_code_flags.h"
#include "countersign/security_codes.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> check(const Arguments& arguments) {
    const auto typed = read_input(arguments, kSecurityCodeFlags);
    if (!typed) return tl::unexpected(typed.error());
    const auto code = read_security_code(typed->text());
    if (!code) return fail(code.error(), "the security code");
    const auto grouped = format_security_code(code->text());
    if (!grouped) return fail(grouped.error(), "the security code");
    return Printout{.text = std::string(grouped->text()) + "\n",
                    .json = server::JsonText().text("code", code->text()).text("grouped", grouped->text()).take()};
}

}  // namespace

Command security_code_check_command() {
    return {.name = "security-code check",
            .summary = "Read a security code as typed, and say what is wrong with it",
            .details = "Finds typing errors by the check symbol; whether the code is anybody's only a server knows.\n"
                       "Example: countersign security-code check --code-file code.txt",
            .flags = {kCodeStdinFlag, kCodeFileFlag},
            .run = check};
}

}  // namespace countersign::cli
