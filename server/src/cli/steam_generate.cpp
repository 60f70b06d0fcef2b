// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/totp_flags.h"
#include "countersign/steam.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

Checked<Printout> generate(const Arguments& arguments) {
    const auto time = read_time(arguments);
    if (!time) return tl::unexpected(time.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    const auto code = generate_steam(seed->bytes(), *time);
    if (!code) return fail(code.error(), "steam generate");
    const auto step = time_step_at(*time, kSteamPeriodSeconds);
    if (!step) return fail(step.error(), "steam generate");
    const std::string text(code->text());
    return Printout{.text = text + "\n",
                    .json = server::JsonText().text("code", text).number("step", step->value).take()};
}

}  // namespace

Command steam_generate_command() {
    return {.name = "steam generate",
            .summary = "Print the code that Steam Guard shows at a moment",
            .details = "Example: countersign steam generate --secret-file seed.txt",
            .flags = with_seed_flags({{"--time", "SECONDS", "Unix time (default: now)"}}),
            .run = generate};
}

}  // namespace countersign::cli
