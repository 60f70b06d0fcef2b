// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "cli/command.h"
#include "mail/mail_template.h"
#include "mail/smtp.h"

namespace countersign::cli {

/// How mail leaves, the same for each command that sends some.
[[nodiscard]] std::vector<Flag> mail_flags();

struct MailPlan {
    server::SmtpOptions smtp;
    server::MailTemplates templates;
};

/// Nothing without `--smtp-url`. Errors: `cli.flag_missing`, `cli.flag_conflict`, `cli.value_invalid`, `cli.file_unreadable`.
[[nodiscard]] Checked<std::optional<MailPlan>> read_mail_plan(const Arguments& arguments);

}  // namespace countersign::cli
