// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "app/email_address.h"
#include "app/system_clock.h"
#include "app/tokens.h"
#include "cli/commands.h"
#include "cli/mail_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

std::string_view outcome_name(server::MailOutcome outcome) {
    switch (outcome) {
        case server::MailOutcome::Sent: return "sent";
        case server::MailOutcome::TryLater: return "try_later";
        case server::MailOutcome::Never: break;
    }
    return "refused";
}

Checked<Printout> send_test(const Arguments& arguments) {
    const std::string to = arguments.text("--to");
    if (!server::is_email_address(to)) return fail(UsageCode::ValueInvalid, "--to is no address that mail can be sent to");
    auto plan = read_mail_plan(arguments);
    if (!plan) return tl::unexpected(plan.error());
    if (!*plan) return fail(UsageCode::FlagMissing, "mail test needs --smtp-url and --mail-from");

    const UnixSeconds now = server::make_system_clock()->wall();
    const std::array values{server::MailValue{"issuer", "Countersign"}, server::MailValue{"code", "123456"},
                            server::MailValue{"minutes", "10"}};
    server::MailTexts texts = (*plan)->templates.fill(server::MailKind::Code, values);
    const auto mailer = server::make_smtp_mailer(std::move((*plan)->smtp));
    const server::MailResult result = mailer->send({server::make_random_id("test_"), to, "Test: " + texts.subject,
                                                    std::move(texts.text), std::move(texts.html), now});
    const bool sent = result.outcome == server::MailOutcome::Sent;
    const std::string reply = result.reply_code == 0 ? "" : ", reply " + std::to_string(result.reply_code);
    return Printout{
        .text = sent ? "sent" + reply + "\n" : std::string(outcome_name(result.outcome)) + reply + ": " + result.reason + "\n",
        .json = server::JsonText()
                    .text("outcome", outcome_name(result.outcome))
                    .number("reply_code", result.reply_code)
                    .text("reason", result.reason)
                    .take(),
        .exit_code = sent ? kExitDone : kExitNo};
}

}  // namespace

Command mail_test_command() {
    std::vector<Flag> flags{{"--to", "ADDRESS", "Whom to send it to", true}};
    for (const Flag& flag : mail_flags()) flags.push_back(flag);
    return {.name = "mail test",
            .summary = "Send one mail, as the server would, and say what became of it",
            .details = "The mail is the one with a code, with the code 123456. Exit 0 when the mail server took it.\n"
                       "Example: countersign mail test --to me@example.org --smtp-url smtp://mail.example.org\n"
                       "           --mail-from no-reply@example.org --smtp-user u --smtp-password-file password",
            .flags = std::move(flags),
            .run = send_test};
}

}  // namespace countersign::cli
