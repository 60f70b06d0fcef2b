// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/hotp_flags.h"
#include "cli/totp_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> verify(const Arguments& arguments) {
    HotpVerifyOptions options;
    const auto parameters = read_hotp_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    const auto look_ahead = arguments.integer("--look-ahead", options.look_ahead, 0, 1000);
    if (!look_ahead) return tl::unexpected(look_ahead.error());
    const auto last_used = arguments.counter("--last-used");
    if (!last_used) return tl::unexpected(last_used.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    options = {*parameters, static_cast<int>(*look_ahead), *last_used};
    const Secret code = fold_code(arguments.text("--code"));
    const auto verdict = verify_hotp(seed->bytes(), code.text(), options);
    if (!verdict) return fail(verdict.error(), "hotp verify");
    return printout_of(*verdict);
}

}  // namespace

Command hotp_verify_command() {
    return {.name = "hotp verify",
            .summary = "Check a code against the counters that come next",
            .details = "Prints `accepted COUNTER`, `rejected` or `replayed`; the exit code is 0 only when accepted.\n"
                       "Store COUNTER and give it as --last-used the next time: a code is good for one use.\n"
                       "Example: countersign hotp verify --secret-file seed.txt --code 123456 --last-used 41",
            .flags = with_hotp_flags({
                {"--code", "CODE", "The code as typed; spaces and dashes are dropped", true},
                {"--look-ahead", "N", "Counters more than the next one, 0 to 100 (default 10)"},
                {"--last-used", "COUNTER", "Refuse this counter and all before it (default: a new token)"},
            }),
            .run = verify};
}

}  // namespace countersign::cli
