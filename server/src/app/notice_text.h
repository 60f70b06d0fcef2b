// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "countersign/totp.h"

namespace countersign::server {

/// `22 November 2026, 08:15 UTC`.
[[nodiscard]] std::string moment_text(UnixSeconds time);

/// A method as a sentence of a mail names it, with its article: `an authenticator app`.
[[nodiscard]] std::string_view method_text(std::string_view method) noexcept;

/// What a notice's number (`remaining=7`, as the outbox keeps it) stands for in its template.
struct NoticeNumber {
    std::string_view name;  ///< of the template; empty: there is none
    std::string text;
};
[[nodiscard]] NoticeNumber notice_number(std::string_view detail);

}  // namespace countersign::server
