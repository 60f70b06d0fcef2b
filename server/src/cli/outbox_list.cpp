// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"
#include "cli/terminal_text.h"
#include "cli/users_flags.h"

namespace countersign::cli {
namespace {

std::string line_of(const server::OutboxEnvelope& mail) {
    std::string line = mail.id;
    line.append("  ").append(mail.dead ? "dead" : "waiting").append("  ").append(mail.kind);
    line.append("  ").append(mail.realm).append("  ").append(column(mail.user));
    line.append("  created=").append(std::to_string(mail.created_at.value));
    if (!mail.dead) line.append("  next=").append(std::to_string(mail.next_at.value));
    line.append("  tries=").append(std::to_string(mail.attempts));
    return line.append("  reply=").append(std::to_string(mail.reply_code)).append("\n");
}

std::string json_of(const server::OutboxEnvelope& mail) {
    server::JsonText json;
    json.text("mail", mail.id)
        .text("state", mail.dead ? "dead" : "waiting")
        .text("kind", mail.kind)
        .text("realm", mail.realm)
        .text("user", mail.user)
        .number("created_at", mail.created_at.value);
    if (!mail.dead) json.number("next_at", mail.next_at.value);
    return json.number("attempts", mail.attempts).number("reply_code", mail.reply_code).take();
}

Checked<Printout> list(const Arguments& arguments) {
    const auto limit = arguments.integer("--limit", 100, 1, 10'000);
    if (!limit) return tl::unexpected(limit.error());
    const auto people = open_people(arguments, KeyNeed::None);
    if (!people) return tl::unexpected(people.error());
    const auto mails = (*people)->outbox(arguments.text("--realm"), arguments.has("--dead"), *limit);
    if (!mails) return fail(mails.error(), "outbox list");
    Printout printout;
    std::string entries = "[";
    for (const server::OutboxEnvelope& mail : *mails) {
        printout.text += line_of(mail);
        entries.append(entries.size() == 1 ? "" : ",").append(json_of(mail));
    }
    printout.json = server::JsonText().raw("mails", entries.append("]")).take();
    return printout;
}

}  // namespace

Command outbox_list_command() {
    return {.name = "outbox list",
            .summary = "List mail that waits and mail that was given up, by envelope",
            .details = "Dead letters first: one line a mail with id, state, kind, realm, user, times, tries, and the last reply of the\n"
                       "mail server (0: none). Addresses, codes and texts are not shown.",
            .flags = {kDataFlag,
                      {"--dead", "", "Dead letters alone"},
                      {"--limit", "N", "How many, 1 to 10000 (default 100)"},
                      {"--realm", "NAME", "Of this realm only (default: all)"}},
            .run = list};
}

}  // namespace countersign::cli
