// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/totp_flags.h"
#include "cli/totp_printout.h"

namespace countersign::cli {
namespace {

Checked<VerifyOptions> read_options(const Arguments& arguments) {
    VerifyOptions options;
    auto parameters = read_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    options.parameters = *parameters;
    const auto window = read_window(arguments);
    if (!window) return tl::unexpected(window.error());
    const auto last_used = read_last_used(arguments);
    if (!last_used) return tl::unexpected(last_used.error());
    options.past_steps = window->past_steps;
    options.future_steps = window->future_steps;
    options.last_used = *last_used;
    return options;
}

Checked<Printout> verify(const Arguments& arguments) {
    const auto options = read_options(arguments);
    if (!options) return tl::unexpected(options.error());
    const auto time = read_time(arguments);
    if (!time) return tl::unexpected(time.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    const Secret code = fold_code(arguments.text("--code"));
    const auto verdict = verify_totp(seed->bytes(), code.text(), *time, *options);
    if (!verdict) return fail(verdict.error(), "totp verify");

    return printout_of(*verdict);
}

}  // namespace

Command totp_verify_command() {
    return {.name = "totp verify",
            .summary = "Check a code against a secret",
            .details = "Prints `accepted STEP`, `rejected` or `replayed`; the exit code is 0 only when accepted.\n"
                       "Store STEP and give it as --last-used the next time: a code is good for one use.\n"
                       "Example: countersign totp verify --secret-file seed.txt --code 123456 --last-used 58000000",
            .flags = with_totp_flags({
                {"--code", "CODE", "The code as typed; spaces and dashes are dropped", true},
                {"--window", "PAST,FUTURE", "Steps of tolerance each way, 0 to 10 (default 1,1)"},
                {"--last-used", "STEP", "Refuse this step and all before it"},
                {"--time", "SECONDS", "Unix time (default: now)"},
            }),
            .run = verify};
}

}  // namespace countersign::cli
