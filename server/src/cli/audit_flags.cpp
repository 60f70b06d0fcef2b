// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_flags.h"

#include <utility>

#include "cli/data_flags.h"
#include "cli/guard_flag.h"

namespace countersign::cli {

Checked<std::unique_ptr<server::AuditLog>> open_audit_log(const Arguments& arguments, bool needs_key) {
    const auto key = key_path_if(needs_key, arguments);
    if (!key) return tl::unexpected(key.error());
    if (auto apart = check_guard(arguments, *key); !apart) return tl::unexpected(apart.error());
    const std::string data = arguments.text("--data");
    auto opened = server::AuditLog::open(data, *key);
    if (opened) return std::move(*opened);
    return not_opened(opened.error(), data);
}

}  // namespace countersign::cli
