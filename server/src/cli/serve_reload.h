// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "cli/serve_plan.h"

namespace countersign::cli {

/// Takes over what has changed in the plan, read anew upon SIGHUP: settings that cannot be reloaded stand in it as
/// they were at the start. Called on the main thread, one at a time. Keeps what it had when it fails.
/// The error is a sentence for the log, without a secret.
using ReloadHook = std::function<tl::expected<void, std::string>(const ServePlan& now)>;

/// Called in this order, each one even when one before it failed.
using ReloadHooks = std::vector<ReloadHook>;

}  // namespace countersign::cli
