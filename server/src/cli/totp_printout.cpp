// SPDX-License-Identifier: Apache-2.0
#include "cli/totp_printout.h"

#include "log/json_text.h"

namespace countersign::cli {

Printout printout_of(const Verdict& verdict) {
    Printout printout;
    printout.text = outcome_name(verdict.outcome);
    server::JsonText json;
    json.text("outcome", outcome_name(verdict.outcome));
    if (verdict.outcome == Outcome::Accepted) {
        printout.text.append(" ").append(std::to_string(verdict.step.value));
    } else {
        printout.exit_code = kExitNo;
    }
    if (verdict.outcome != Outcome::Rejected) {
        json.number("step", verdict.step.value);
    }
    printout.text += "\n";
    printout.json = json.take();
    return printout;
}

}  // namespace countersign::cli
