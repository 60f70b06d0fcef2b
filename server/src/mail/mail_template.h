// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "countersign/secret.h"

namespace countersign::server {

/// What a mail is about; each has a template of the name that stands beside it.
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
    Replayed,          ///< `replayed`: issuer, time, method
};
inline constexpr std::size_t kMailKindCount = 10;

[[nodiscard]] std::string_view mail_kind_name(MailKind kind) noexcept;

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

/// The texts of all mails: ours, or those of an operator's folder.
///
/// `NAME.txt` begins with `Subject: ...` and an empty line; `{{name}}` is replaced. The HTML form is made of the
/// text's paragraphs in `layout.html` (`{{subject}}`, `{{paragraphs}}`), or of `NAME.html` where the folder has one.
class MailTemplates {
  public:
    /// @param folder  files there replace ours by name; empty: ours alone
    /// @return or one sentence with file and fault: unreadable, over 64 KiB, no subject, a code in the subject, an unknown `{{name}}`
    [[nodiscard]] static tl::expected<MailTemplates, std::string> load(const std::string& folder);

    /// @param values  all that the kind names; they are escaped for HTML
    [[nodiscard]] MailTexts fill(MailKind kind, std::span<const MailValue> values) const;

  private:
    struct Template {
        std::string subject;
        std::string text;
        std::string html;  ///< empty: by the layout
    };
    std::array<Template, kMailKindCount> templates_;
    std::string layout_;
};

}  // namespace countersign::server
