// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "countersign/secret.h"

namespace countersign::server {

/// What a mail is about; each has a template of the name that stands beside it, and the values that one may name.
enum class MailKind : unsigned char {
    Code,              ///< `code`: issuer, code, minutes
    MethodAdded,       ///< `method_added`: issuer, time, method
    MethodRemoved,     ///< `method_removed`: issuer, time, method
    AddressChanged,    ///< `address_changed`: issuer, time, usable_from
    CodeUsed,          ///< `code_used`: issuer, time, remaining
    BackupCodeIssued,  ///< `backup_code_issued`: issuer, time, until
    FallbackUsed,      ///< `fallback_used`: issuer, time, method
    Locked,            ///< `locked`: issuer, time, method
    ManyFailures,      ///< `many_failures`: issuer, method, failures
    Disabled,          ///< `disabled`: issuer, time, method
    Replayed,          ///< `replayed`: issuer, time, method
};
inline constexpr std::size_t kMailKindCount = 11;

[[nodiscard]] std::string_view mail_kind_name(MailKind kind) noexcept;
[[nodiscard]] std::optional<MailKind> parse_mail_kind(std::string_view name) noexcept;

/// What stands for `{{name}}`.
struct MailValue {
    std::string_view name;
    std::string_view value;
};

struct MailTexts {
    std::string subject;  ///< holds no code: subjects are shown on locked screens
    Secret text;
    Secret html;
};

/// Writes the texts of mails. Any thread.
class MailWriter {
  public:
    virtual ~MailWriter() = default;
    /// @param values  all that the kind names
    [[nodiscard]] virtual MailTexts fill(MailKind kind, std::span<const MailValue> values) const = 0;
};

}  // namespace countersign::server
