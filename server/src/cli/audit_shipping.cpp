// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_shipping.h"

#include <utility>
#include <vector>

#include "app/audit_feed.h"
#include "log/audit_file.h"
#include "log/audit_syslog.h"

namespace countersign::cli {

Checked<std::unique_ptr<server::AuditShipper>> start_audit_shipping(const ServePlan& plan,
                                                                    const std::shared_ptr<server::Log>& log,
                                                                    server::Meter& meter) {
    std::vector<std::unique_ptr<server::AuditSink>> sinks;
    const std::string& data = plan.service.data_directory;
    if (!plan.audit_file.empty()) sinks.push_back(std::make_unique<server::AuditFile>(plan.audit_file));
    if (plan.audit_syslog) sinks.push_back(std::make_unique<server::AuditSyslog>(data + "/audit-syslog.cursor"));
    if (sinks.empty()) return std::unique_ptr<server::AuditShipper>();
    auto feed = server::open_audit_feed(data);
    if (!feed) return fail(feed.error(), "serve --data " + data);
    return std::make_unique<server::AuditShipper>(std::move(*feed), std::move(sinks), log, meter);
}

}  // namespace countersign::cli
