// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "app/error.h"

namespace countersign::server {

inline constexpr std::size_t kMaxUserBytes = 128;
inline constexpr std::size_t kMaxLabelBytes = 128;
inline constexpr std::size_t kMaxRealmBytes = 64;
inline constexpr std::size_t kMaxNameBytes = 64;

/// Well-formed UTF-8 (no overlong form, no surrogate, nothing past U+10FFFF) without NUL.
[[nodiscard]] bool is_clean_utf8(std::string_view text) noexcept;
/// `is_clean_utf8`, and no control character (C0, DEL, C1).
[[nodiscard]] bool is_printable_utf8(std::string_view text) noexcept;
/// 1 to 64 of a-z 0-9 - _
[[nodiscard]] bool is_realm_name(std::string_view text) noexcept;

/// `crd_` and 16 symbols, as the server makes them: anything else names nothing.
[[nodiscard]] bool is_credential_id(std::string_view text) noexcept;

/// What is checked before anything is queued (R10): errors are `request.field_invalid` and name the field.
[[nodiscard]] Answer<void> check_user(std::string_view user);
/// What a person calls an authenticator.
[[nodiscard]] Answer<void> check_name(std::string_view name);
/// What an authenticator app shows: no control character, no colon. `field` names it in the error.
[[nodiscard]] Answer<void> check_label(std::string_view field, std::string_view text);

}  // namespace countersign::server
