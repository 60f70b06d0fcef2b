// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/hotp_flags.h"
#include "cli/totp_flags.h"

namespace countersign::cli {
namespace {

Checked<Printout> resync(const Arguments& arguments) {
    HotpResyncOptions options;
    const auto parameters = read_hotp_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    const auto reach = arguments.integer("--reach", options.reach, 0, 10000);
    if (!reach) return tl::unexpected(reach.error());
    const auto last_used = arguments.counter("--last-used");
    if (!last_used) return tl::unexpected(last_used.error());
    const auto seed = read_seed(arguments);
    if (!seed) return tl::unexpected(seed.error());

    options = {*parameters, static_cast<int>(*reach), *last_used};
    const Secret first = fold_code(arguments.text("--first"));
    const Secret second = fold_code(arguments.text("--second"));
    const auto verdict = resync_hotp(seed->bytes(), first.text(), second.text(), options);
    if (!verdict) return fail(verdict.error(), "hotp resync");
    return printout_of(*verdict);
}

}  // namespace

Command hotp_resync_command() {
    return {.name = "hotp resync",
            .summary = "Find a token that ran ahead, by two codes in a row",
            .details = "Never goes to or below --last-used.\n"
                       "Prints `accepted COUNTER`, the counter of the second code, or `rejected`; exit 0 or 1.\n"
                       "Example: countersign hotp resync --secret-file seed.txt --first 123456 --second 654321",
            .flags = with_hotp_flags({
                {"--first", "CODE", "The older code as typed", true},
                {"--second", "CODE", "The code that came next", true},
                {"--reach", "N", "Counters more than the next one, 0 to 1000 (default 100)"},
                {"--last-used", "COUNTER", "Refuse this counter and all before it (default: a new token)"},
            }),
            .run = resync};
}

}  // namespace countersign::cli
