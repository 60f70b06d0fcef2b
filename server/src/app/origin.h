// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace countersign::server {

/// Whether pages of this origin may be allowed to call (R7): `https://host[:port]`, or `http://` where the host is
/// `localhost` or an address of loopback. As a browser writes it: lower case, no default port, no path, no slash at
/// the end, no name with other letters than ASCII's (punycode), no wildcard; at most 255 bytes.
[[nodiscard]] bool is_allowable_origin(std::string_view text) noexcept;

/// Whether an origin, as a browser sends it, is of the host that the request itself names in `Host`.
[[nodiscard]] bool is_origin_of_host(std::string_view origin, std::string_view host) noexcept;

}  // namespace countersign::server
