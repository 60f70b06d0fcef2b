// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/doctor_checks.h"
#include "cli/settings.h"
#include "cli/settings_sources.h"
#include "cli/terminal_text.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

std::string_view health_name(Health health) noexcept {
    switch (health) {
        case Health::Ok: return "ok";
        case Health::Warning: return "warning";
        case Health::Failed: break;
    }
    return "failed";
}

Printout print(const Findings& findings) {
    Printout printout;
    std::string list = "[";
    bool failed = false;
    for (const Finding& finding : findings.all()) {
        const std::string_view health = health_name(finding.health);
        const std::string sentence = one_line(finding.sentence);
        std::string line(health);
        line.resize(9, ' ');
        line.append(finding.check);
        line.resize(std::max<std::size_t>(line.size() + 1, 24), ' ');
        printout.text.append(line).append(sentence).append("\n");
        if (list.size() > 1) list += ',';
        list += server::JsonText().text("check", finding.check).text("health", health).text("sentence", sentence).take();
        failed = failed || finding.health == Health::Failed;
    }
    printout.json = server::JsonText().boolean("ok", !failed).raw("checks", list + "]").take();
    printout.exit_code = failed ? kExitNo : kExitDone;
    return printout;
}

Checked<Printout> examine(const Arguments& arguments) {
    Findings findings;
    const auto plan = check_configuration(arguments, findings);
    check_entropy(findings);
    const std::string data = arguments.text("--data");
    if (!data.empty()) {
        check_permissions(data, findings);
        check_file_system(data, findings);
        check_disk(data, findings);
    }
    if (plan) {
        check_master_key_file(plan->service.master_key_file, data, findings);
        check_store_and_clock(*plan, findings);
        check_certificate(*plan, findings);
        check_operator_token(*plan, findings);
        check_audit_file(*plan, findings);
        check_mail(arguments, findings);
        check_running_server(*plan, findings);
    }
    return print(findings);
}

}  // namespace

std::optional<ServePlan> check_configuration(const Arguments& arguments, Findings& findings) {
    Arguments complete = arguments;
    if (auto done = complete_arguments(serve_command(), complete); !done) {
        findings.fail("configuration", done.error().message);
        return std::nullopt;
    }
    auto plan = read_plan(complete);
    if (!plan) {
        findings.fail("configuration", told_by_place(plan.error(), complete).message);
        return std::nullopt;
    }
    findings.ok("configuration", "serve takes these settings; `countersign config` shows them.");
    return std::move(*plan);
}

Command doctor_command() {
    std::vector<Flag> flags = setting_flags();
    for (Flag& flag : flags) flag.required = false;
    return {.name = "doctor",
            .summary = "Look for what would keep a server from working",
            .details = "Asked with the same flags and environment as `serve`, and as its user. Works beside a running server\n"
                       "and without one; changes nothing, sends nothing. Exit 0 when nothing failed, 1 otherwise.\n"
                       "Example: countersign doctor --config /etc/countersign/countersign.toml",
            .flags = std::move(flags),
            .run = examine};
}

}  // namespace countersign::cli
