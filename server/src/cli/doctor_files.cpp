// SPDX-License-Identifier: Apache-2.0
// Files that the settings name: the operator's token, and where audit records are shipped to.
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "cli/doctor_checks.h"
#include "http/operator_access.h"

namespace countersign::cli {

namespace fs = std::filesystem;

void check_operator_token(const ServePlan& plan, Findings& findings) {
    const std::string& file = plan.listeners.operator_token_file;
    if (file.empty()) return;
    if (!plan.operator_listen) {
        findings.warn("operator", "operator.token_file is set and operator.address is not: there is no operator's listener.");
        return;
    }
    server::OperatorAccess access({});
    if (const auto read = access.read_token(file); read) findings.ok("operator", file + " holds a token.");
    else findings.fail("operator", "serve does not start: " + read.error() + ".");
}

void check_audit_file(const ServePlan& plan, Findings& findings) {
    if (plan.audit_file.empty()) return;
    const fs::path file(plan.audit_file);
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    std::error_code ignored;
    const fs::path& asked = fs::exists(file, ignored) ? file : folder;
    if (::access(asked.c_str(), W_OK) == 0) {
        findings.ok("audit", "records are appended to " + plan.audit_file + ".");
    } else {
        findings.fail("audit", "no record is shipped: " + asked.string() + ": " + std::generic_category().message(errno) + ".");
    }
}

}  // namespace countersign::cli
