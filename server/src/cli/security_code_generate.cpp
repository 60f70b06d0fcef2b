// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "countersign/security_codes.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr std::int64_t kMostCodes = 1000;

Checked<Printout> generate(const Arguments& arguments) {
    const auto count = arguments.integer("--count", 1, 1, kMostCodes);
    if (!count) return tl::unexpected(count.error());
    Printout printout;
    std::string list = "[";
    for (std::int64_t i = 0; i < *count; ++i) {
        const auto grouped = format_security_code(make_security_code().text());
        if (!grouped) return fail(grouped.error(), "security-code generate");
        printout.text.append(grouped->text()).append("\n");
        list += i == 0 ? "" : ",";
        server::append_json_string(list, grouped->text());
    }
    list += "]";
    printout.json = server::JsonText().raw("codes", list).take();
    wipe_memory(list.data(), list.size());
    return printout;
}

}  // namespace

Command security_code_generate_command() {
    return {.name = "security-code generate",
            .summary = "Make security codes, to be kept on paper and used once each",
            .details = "Each has 75 random bits and one symbol that finds typing errors.\n"
                       "Example: countersign security-code generate --count 10",
            .flags = {{"--count", "N", "How many, 1 to 1000 (default 1)"}},
            .run = generate};
}

}  // namespace countersign::cli
