// SPDX-License-Identifier: Apache-2.0
#include "countersign/standards.h"

#include <algorithm>

#include "cli/commands.h"
#include "cli/policy_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

std::string json_of(const Finding& it) {
    server::JsonText json;
    json.text("standard", standard_name(it.standard)).text("id", it.id);
    if (it.level > 0) json.number("level", it.level);
    return json.text("verdict", compliance_name(it.verdict))
        .text("switch", policy_switch_name(it.decided_by))
        .text("statement", it.statement)
        .text("reason", it.reason)
        .take();
}

// asvs-5.0 6.4.2 (level 1): not_met [forgot_phone]: Security questions are on.
std::string line_of(const Finding& it) {
    std::string line = std::string(standard_name(it.standard)) + " " + std::string(it.id);
    if (it.level > 0) line += " (level " + std::to_string(it.level) + ")";
    line.append(": ").append(compliance_name(it.verdict)).append(" [").append(policy_switch_name(it.decided_by));
    return line.append("] ").append(it.statement).append(" ").append(it.reason).append("\n");
}

Checked<Printout> judge(const Arguments& arguments) {
    const auto policy = read_policy(arguments);
    if (!policy) return tl::unexpected(policy.error());
    const auto findings = judge_policy(*policy);
    if (!findings) return fail(findings.error(), "standards");
    Printout printout;
    std::string list = "[";
    for (const Finding& it : *findings) {
        printout.text += line_of(it);
        if (list.size() > 1) list += ',';
        list += json_of(it);
    }
    list += ']';
    server::JsonText json;
    for (const auto verdict : {Compliance::Met, Compliance::NotMet, Compliance::NotApplicable}) {
        json.number(compliance_name(verdict), std::ranges::count(*findings, verdict, &Finding::verdict));
    }
    printout.json = json.raw("findings", list).take();
    return printout;
}

}  // namespace

Command standards_command() {
    return {.name = "standards",
            .summary = "Judge a policy by OWASP ASVS 5.0 (V6) and NIST SP 800-63B-4",
            .details = "One line for each requirement that our switches decide: verdict, [switch], what is asked, why.\n"
                       "Example: countersign standards --forgot-phone kba",
            .flags = with_policy_flags({}),
            .run = judge};
}

}  // namespace countersign::cli
