// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "countersign/secret.h"

namespace countersign::server {

// RFC 4648, 5, without padding: how bytes that are no secret stand in JSON.

[[nodiscard]] std::string encode_base64url(std::span<const std::uint8_t> bytes);

/// Strict: exactly `size` bytes in their one form; wiped when no longer needed.
[[nodiscard]] std::optional<Secret> decode_base64url_secret(std::string_view text, std::size_t size);
/// Strict: exactly `size` bytes in their one form; nothing else is read.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> decode_base64url(std::string_view text, std::size_t size);

}  // namespace countersign::server
