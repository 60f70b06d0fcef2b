// SPDX-License-Identifier: Apache-2.0
#include "cli/serve_reload.h"

#include <cstdint>
#include <string_view>

#include "cli/commands.h"
#include "cli/settings.h"
#include "cli/settings_sources.h"

namespace countersign::cli {
namespace {

/// What has no default is switched on or off at the start alone: a listener without TLS does not learn it.
bool can_follow(const Setting& setting, const Arguments& from, const Arguments& to) {
    if (setting.reload != Reload::OnSignal) return false;
    return !setting.standard.empty() || from.has(setting.flag) == to.has(setting.flag);
}

/// Puts back what needs a restart. @return the keys of those that had changed, with commas
std::string keep_fixed(const Arguments& in_force, Arguments& fresh) {
    std::string kept;
    for (const Setting& setting : all_settings()) {
        const bool same = in_force.has(setting.flag) == fresh.has(setting.flag) &&
                          in_force.text(setting.flag) == fresh.text(setting.flag);
        if (same || can_follow(setting, in_force, fresh)) continue;
        kept.append(kept.empty() ? "" : ", ").append(setting.key);
        fresh.unset(setting.flag);
        if (in_force.has(setting.flag)) {
            fresh.set(setting.flag, in_force.text(setting.flag), in_force.place(setting.flag));
        }
    }
    return kept;
}

}  // namespace

void Reloader::refuse(const std::string& code, const std::string& reason) {
    *failed_ = true;
    log_->write(server::LogLevel::Error, "server.reload_failed", {{"code", code}, {"reason", reason}});
}

void Reloader::reload() {
    *failed_ = false;
    Arguments fresh = in_force_.only_flags();
    if (const auto read = complete_arguments(serve_command(), fresh); !read) {
        refuse(read.error().code, read.error().message);
        return;
    }
    const std::string kept = keep_fixed(in_force_, fresh);
    const auto plan = read_plan(fresh);
    if (!plan) {
        const Failure failure = told_by_place(plan.error(), fresh);
        refuse(failure.code, failure.message);
        return;
    }
    if (!kept.empty()) log_->write(server::LogLevel::Warning, "server.reload_ignored", {{"settings", kept}});
    std::int64_t failed = 0;
    for (const ReloadHook& hook : hooks_) {
        if (const auto done = hook(*plan); !done) {
            refuse("reload.refused", done.error());
            ++failed;
        }
    }
    in_force_ = std::move(fresh);
    if (failed == 0) log_->write(server::LogLevel::Info, "server.reloaded", {});
}

}  // namespace countersign::cli
