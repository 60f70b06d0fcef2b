// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "app/mail_kind.h"
#include "countersign/secret.h"

namespace countersign::server {

/// What is sealed of a mail in the outbox: whom it goes to, and values of its own. Each text behind its length.
[[nodiscard]] Secret encode_mail_content(std::string_view to, std::initializer_list<MailValue> values);

/// The same read again. Views into `content`, which outlives it.
struct MailContent {
    std::string_view to;
    std::vector<MailValue> values;

    /// Empty when there is no such value.
    [[nodiscard]] std::string_view value(std::string_view name) const noexcept;
};

/// Nothing when it is not what `encode_mail_content` made.
[[nodiscard]] std::optional<MailContent> decode_mail_content(const Secret& content);

}  // namespace countersign::server
