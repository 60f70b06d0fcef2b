// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/totp_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> generate(const Arguments& arguments) {
    const auto parameters = read_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    const auto time = read_time(arguments);
    if (!time) return tl::unexpected(time.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    const auto code = generate_totp(seed->bytes(), *time, *parameters);
    if (!code) return fail(code.error(), "totp generate");
    const auto step = time_step_at(*time, parameters->period_seconds);
    if (!step) return fail(step.error(), "totp generate");
    const std::string text(code->text());
    return Printout{.text = text + "\n",
                    .json = server::JsonText().text("code", text).number("step", step->value).take()};
}

}  // namespace

Command totp_generate_command() {
    return {.name = "totp generate",
            .summary = "Print the code that an authenticator shows at a moment",
            .details = "Example: countersign totp generate --secret-file seed.txt --digits 8",
            .flags = with_totp_flags({{"--time", "SECONDS", "Unix time (default: now)"}}),
            .run = generate};
}

}  // namespace countersign::cli
