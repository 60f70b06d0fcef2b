// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace countersign::cli {

/// Tells whoever started the process how it stands, as systemd's `Type=notify` asks: one datagram to the socket
/// that `NOTIFY_SOCKET` names. Does nothing where there is none; a failure is nobody's business but the manager's,
/// who gives up waiting by itself.
/// @param state  `READY=1`, `STOPPING=1`
void tell_service_manager(std::string_view state) noexcept;

}  // namespace countersign::cli
