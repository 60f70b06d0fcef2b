// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "http/listener.h"
#include "http/tls_identity.h"

namespace countersign::cli {

/// How the listeners are to behave; where they listen stands in the ServePlan.
struct ListenerPlan {
    server::ListenerOptions main;        ///< limits and trusted proxies; without address and TLS
    std::optional<server::TlsFiles> tls; ///< of both listeners
    std::size_t requests_per_address = 100;  ///< a second, with a session's token
    std::string operator_token_file;     ///< empty: no token is asked for
    std::vector<std::string> operator_hosts;
};

/// Errors: `cli.value_invalid`; `cli.flag_missing` for one of the two TLS files without the other.
[[nodiscard]] Checked<ListenerPlan> read_listener_plan(const Arguments& arguments);

}  // namespace countersign::cli
