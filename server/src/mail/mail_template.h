// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "app/mail_kind.h"

namespace countersign::server {

/// The texts of all mails: ours, or those of an operator's folder.
///
/// `NAME.txt` begins with `Subject: ...` and an empty line; `{{name}}` is replaced. The HTML form is made of the
/// text's paragraphs in `layout.html` (`{{subject}}`, `{{paragraphs}}`), or of `NAME.html` where the folder has one.
class MailTemplates final : public MailWriter {
  public:
    /// @param folder  files there replace ours by name; empty: ours alone
    /// @return or one sentence with file and fault: unreadable, over 64 KiB, no subject, a code in the subject, an unknown `{{name}}`
    [[nodiscard]] static tl::expected<MailTemplates, std::string> load(const std::string& folder);

    /// @param values  all that the kind names; they are escaped for HTML
    [[nodiscard]] MailTexts fill(MailKind kind, std::span<const MailValue> values) const override;

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
