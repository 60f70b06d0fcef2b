// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_flags.h"

#include <utility>

#include "cli/data_flags.h"

namespace countersign::cli {

Checked<std::unique_ptr<server::AuditLog>> open_audit_log(const Arguments& arguments, bool needs_key) {
    std::string key;
    if (needs_key) {
        auto path = master_key_path(arguments);
        if (!path) return tl::unexpected(path.error());
        key = std::move(*path);
    }
    const std::string data = arguments.text("--data");
    auto opened = server::AuditLog::open(data, key);
    if (opened) return std::move(*opened);
    using enum server::ServerErrorCode;
    const bool about_key = opened.error().code == MasterKeyUnusable || opened.error().code == MasterKeyMismatch;
    return fail(opened.error(), about_key ? "--master-key-file" : "--data " + data);
}

}  // namespace countersign::cli
