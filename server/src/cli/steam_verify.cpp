// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/totp_flags.h"
#include "cli/totp_printout.h"
#include "countersign/steam.h"

namespace countersign::cli {
namespace {

Checked<Printout> verify(const Arguments& arguments) {
    const auto window = read_window(arguments);
    if (!window) return tl::unexpected(window.error());
    const auto last_used = read_last_used(arguments);
    if (!last_used) return tl::unexpected(last_used.error());
    const auto time = read_time(arguments);
    if (!time) return tl::unexpected(time.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    const SteamVerifyOptions options{window->past_steps, window->future_steps, *last_used};
    const Secret code = fold_code(arguments.text("--code"));
    const auto verdict = verify_steam(seed->bytes(), code.text(), *time, options);
    if (!verdict) return fail(verdict.error(), "steam verify");
    return printout_of(*verdict);
}

}  // namespace

Command steam_verify_command() {
    return {.name = "steam verify",
            .summary = "Check a code of Steam Guard against a secret",
            .details = "Prints `accepted STEP`, `rejected` or `replayed`; the exit code is 0 only when accepted.\n"
                       "Example: countersign steam verify --secret-file seed.txt --code FR8RV",
            .flags = with_seed_flags({
                {"--code", "CODE", "The code as typed, in either case; spaces and dashes are dropped", true},
                {"--window", "PAST,FUTURE", "Steps of tolerance each way, 0 to 10 (default 1,1)"},
                {"--last-used", "STEP", "Refuse this step and all before it"},
                {"--time", "SECONDS", "Unix time (default: now)"},
            }),
            .run = verify};
}

}  // namespace countersign::cli
