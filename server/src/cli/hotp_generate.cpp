// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/hotp_flags.h"
#include "cli/totp_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> generate(const Arguments& arguments) {
    const auto parameters = read_hotp_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    const auto counter = arguments.counter("--counter");
    if (!counter) return tl::unexpected(counter.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    const auto code = generate_hotp(seed->bytes(), counter->value_or(0), *parameters);
    if (!code) return fail(code.error(), "hotp generate");
    const std::string text(code->text());
    return Printout{.text = text + "\n",
                    .json = server::JsonText()
                                .text("code", text)
                                .text("counter", std::to_string(counter->value_or(0)))
                                .take()};
}

}  // namespace

Command hotp_generate_command() {
    return {.name = "hotp generate",
            .summary = "Print the code of one counter",
            .details = "Example: countersign hotp generate --secret-file seed.txt --counter 7",
            .flags = with_hotp_flags({{"--counter", "COUNTER", "0 to 2^64 - 1", true}}),
            .run = generate};
}

}  // namespace countersign::cli
