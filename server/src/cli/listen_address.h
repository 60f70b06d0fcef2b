// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/failure.h"

namespace countersign::cli {

struct ListenAddress {
    std::string address;  ///< an IPv4 or IPv6 literal, without brackets
    std::uint16_t port = 0;
    bool loopback = false;
};

/// Reads `127.0.0.1:4800`, `[::1]:4800` or `localhost:4800`. Errors: `cli.value_invalid`, which names the flag.
[[nodiscard]] Checked<ListenAddress> parse_listen_address(std::string_view flag, std::string_view text);

}  // namespace countersign::cli
