// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/totp_flags.h"
#include "cli/totp_printout.h"

namespace countersign::cli {
namespace {

Checked<TotpResyncOptions> read_options(const Arguments& arguments) {
    TotpResyncOptions options;
    const auto parameters = read_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    const auto radius = arguments.integer("--radius", options.radius_steps, 0, 1000);
    if (!radius) return tl::unexpected(radius.error());
    const auto last_used = read_last_used(arguments);
    if (!last_used) return tl::unexpected(last_used.error());
    options.parameters = *parameters;
    options.radius_steps = static_cast<int>(*radius);
    options.last_used = *last_used;
    return options;
}

Checked<Printout> resync(const Arguments& arguments) {
    const auto options = read_options(arguments);
    if (!options) return tl::unexpected(options.error());
    const auto time = read_time(arguments);
    if (!time) return tl::unexpected(time.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    const Secret first = fold_code(arguments.text("--first"));
    const Secret second = fold_code(arguments.text("--second"));
    const auto verdict = resync_totp(seed->bytes(), first.text(), second.text(), *time, *options);
    if (!verdict) return fail(verdict.error(), "totp resync");
    return printout_of(*verdict);
}

}  // namespace

Command totp_resync_command() {
    return {.name = "totp resync",
            .summary = "Find an authenticator whose clock has drifted",
            .details = "Takes two codes shown one after the other, and no step up to --last-used.\n"
                       "Prints `accepted STEP`, the step of the second, or `rejected`; exit 0 or 1.\n"
                       "Example: countersign totp resync --secret-file seed.txt --first 123456 --second 654321",
            .flags = with_totp_flags({
                {"--first", "CODE", "The older code as typed", true},
                {"--second", "CODE", "The code that came next", true},
                {"--radius", "STEPS", "How far to look each way, 0 to 120 (default 20)"},
                {"--last-used", "STEP", "Refuse this step and all before it"},
                {"--time", "SECONDS", "Unix time (default: now)"},
            }),
            .run = resync};
}

}  // namespace countersign::cli
