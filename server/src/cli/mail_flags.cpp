// SPDX-License-Identifier: Apache-2.0
#include "cli/mail_flags.h"

#include <string>
#include <utility>

#include "app/email_address.h"
#include "app/text_rules.h"
#include "cli/input.h"
#include "http/private_file.h"

namespace countersign::cli {
namespace {

constexpr std::string_view kUrl = "--smtp-url";
constexpr std::string_view kUser = "--smtp-user";
constexpr std::string_view kPassword = "--smtp-password-file";
constexpr std::string_view kAuthority = "--smtp-ca-file";
constexpr std::string_view kFrom = "--mail-from";
constexpr std::string_view kTemplates = "--mail-templates";
constexpr std::size_t kMaxPasswordBytes = 1024;

/// `Name <address>` or the address alone.
Checked<void> read_sender(const std::string& text, server::SmtpOptions& smtp) {
    const std::size_t open = text.find('<');
    if (open == std::string::npos) {
        smtp.from = text;
    } else {
        smtp.from_name = text.substr(0, open);
        while (smtp.from_name.ends_with(' ')) smtp.from_name.pop_back();
        smtp.from = text.substr(open + 1);
        if (smtp.from.ends_with('>')) smtp.from.pop_back();
    }
    if (!server::is_email_address(smtp.from) || !server::is_printable_utf8(smtp.from_name)) {
        return fail(UsageCode::ValueInvalid, "--mail-from is no address; give no-reply@example.org or \"Name <no-reply@example.org>\"");
    }
    return {};
}

Checked<void> read_login(const Arguments& arguments, server::SmtpOptions& smtp) {
    if (arguments.has(kUser) != arguments.has(kPassword)) {
        return fail(UsageCode::FlagMissing, "--smtp-user and --smtp-password-file belong together; give both or none");
    }
    if (!arguments.has(kUser)) return {};
    smtp.user = arguments.text(kUser);
    auto password = server::read_private_file(arguments.text(kPassword), kMaxPasswordBytes);
    if (!password) return fail(UsageCode::FileUnreadable, "--smtp-password-file: " + password.error());
    trim_line_end(*password);
    smtp.password = std::move(*password);
    return {};
}

}  // namespace

std::vector<Flag> mail_flags() {
    return {{kUrl, "URL", "smtp://HOST[:PORT] (STARTTLS required; without TLS to this machine alone) or smtps://HOST[:PORT]"},
            {kFrom, "ADDRESS", "Whom mail comes from: address, or \"Name <address>\""},
            {kUser, "NAME", "User at the mail server"},
            {kPassword, "FILE", "File with that user's password"},
            {kAuthority, "FILE", "Certificates (PEM) to trust instead of the system's"},
            {kTemplates, "DIR", "Folder with texts that replace ours (docs/cli.md names them)"}};
}

Checked<std::optional<MailPlan>> read_mail_plan(const Arguments& arguments) {
    if (!arguments.has(kUrl)) {
        for (const Flag& flag : mail_flags()) {
            if (arguments.has(flag.name)) return fail(UsageCode::FlagMissing, std::string(flag.name) + " needs --smtp-url too");
        }
        return std::nullopt;
    }
    auto smtp = server::parse_smtp_url(arguments.text(kUrl));
    if (!smtp) return fail(UsageCode::ValueInvalid, "--smtp-url: " + smtp.error());
    if (!arguments.has(kFrom)) return fail(UsageCode::FlagMissing, "--smtp-url needs --mail-from too");
    if (auto sender = read_sender(arguments.text(kFrom), *smtp); !sender) return tl::unexpected(sender.error());
    if (auto login = read_login(arguments, *smtp); !login) return tl::unexpected(login.error());
    smtp->ca_file = arguments.text(kAuthority);
    auto templates = server::MailTemplates::load(arguments.text(kTemplates));
    if (!templates) return fail(UsageCode::ValueInvalid, "--mail-templates: " + templates.error());
    return MailPlan{std::move(*smtp), std::move(*templates)};
}

}  // namespace countersign::cli
