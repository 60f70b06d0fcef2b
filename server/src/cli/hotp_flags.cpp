// SPDX-License-Identifier: Apache-2.0
#include "cli/hotp_flags.h"

#include "cli/totp_flags.h"
#include "log/json_text.h"

namespace countersign::cli {

Checked<HotpParameters> read_hotp_parameters(const Arguments& arguments) {
    return read_parameters(arguments).map(
        [](const TotpParameters& it) { return HotpParameters{it.algorithm, it.digits}; });
}

Printout printout_of(const HotpVerdict& verdict) {
    Printout printout;
    printout.text = outcome_name(verdict.outcome);
    server::JsonText json;
    json.text("outcome", outcome_name(verdict.outcome));
    const std::string counter = std::to_string(verdict.counter);
    if (verdict.outcome == Outcome::Accepted) {
        printout.text.append(" ").append(counter);
    } else {
        printout.exit_code = kExitNo;
    }
    if (verdict.outcome != Outcome::Rejected) {
        json.text("counter", counter);  // as text: it has 64 bits
    }
    printout.text += "\n";
    printout.json = json.take();
    return printout;
}

}  // namespace countersign::cli
