// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "app/log.h"
#include "cli/command.h"
#include "cli/serve_plan.h"

namespace countersign::cli {

/// Takes over what has changed in the plan, read anew upon SIGHUP: settings that cannot be reloaded stand in it as
/// they were at the start. Called on the main thread, one at a time. Keeps what it had when it fails.
/// The error is a sentence for the log, without a secret.
using ReloadHook = std::function<tl::expected<void, std::string>(const ServePlan& now)>;

/// Called in this order, each one even when one before it failed.
using ReloadHooks = std::vector<ReloadHook>;

/// Reads the settings again and hands them to the hooks. A file or a variable that is not usable changes nothing.
class Reloader {
  public:
    /// @param in_force  the settings of the start
    Reloader(Arguments in_force, std::shared_ptr<server::Log> log)
        : in_force_(std::move(in_force)), log_(std::move(log)) {}

    [[nodiscard]] ReloadHooks& hooks() noexcept { return hooks_; }

    /// Logs `server.reloaded`, or `server.reload_failed` with the reason; and `server.reload_ignored` with the
    /// settings that changed and need a restart. Not for several threads at once.
    void reload();

    /// Whether the last reload kept something old because it was refused; any thread.
    [[nodiscard]] std::shared_ptr<const std::atomic<bool>> failed() const noexcept { return failed_; }

  private:
    void refuse(const std::string& code, const std::string& reason);

    Arguments in_force_;
    std::shared_ptr<server::Log> log_;
    ReloadHooks hooks_;
    std::shared_ptr<std::atomic<bool>> failed_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace countersign::cli
