// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/audit_flags.h"
#include "cli/byte_text.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr std::int64_t kDefaultRows = 50;
constexpr std::int64_t kMostRows = 100'000;

/// How many bytes at the front steer a terminal: control characters, what ends a line or turns its direction.
std::size_t steering_bytes(std::string_view text) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
    if (byte(0) == 0xC2 && byte(1) < 0xA0) return 2;   // U+0080 to U+009F
    if (byte(0) == 0xD8 && byte(1) == 0x9C) return 2;  // U+061C
    const unsigned last = byte(2);
    const bool turns = byte(0) == 0xE2 && ((byte(1) == 0x80 && (last == 0x8E || last == 0x8F || (last >= 0xA8 && last <= 0xAE))) ||
                                           (byte(1) == 0x81 && last >= 0xA6 && last <= 0xA9));
    return turns ? 3 : 0;  // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069
}

/// One column: what came from outside must not steer the terminal.
std::string column(std::string_view text) {
    if (text.empty()) return "-";
    std::string shown;
    while (!text.empty()) {
        const std::size_t steering = steering_bytes(text);
        shown += steering > 0 ? '?' : text.front();
        text.remove_prefix(std::min(text.size(), std::max<std::size_t>(1, steering)));
    }
    return shown;
}

std::string line_of(const server::AuditRow& row) {
    std::string line = row.number ? std::to_string(*row.number) : "-";
    line.append("  ").append(std::to_string(row.at.value));
    for (const std::string* text : {&row.event, &row.realm, &row.user, &row.method, &row.credential, &row.detail}) {
        line.append("  ").append(column(*text));
    }
    return line + "\n";
}

std::string json_of(const server::AuditRow& row) {
    server::JsonText json;
    if (row.number) json.number("number", *row.number).text("hash", hex_of(row.record_hash));
    return json.number("time", row.at.value)
        .text("nonce", hex_of(row.nonce))
        .text("event", row.event)
        .text("realm", row.realm)
        .text("user", row.user)
        .text("method", row.method)
        .text("credential", row.credential)
        .text("detail", row.detail)
        .take();
}

Checked<Printout> list(const Arguments& arguments) {
    const auto limit = arguments.integer("--limit", kDefaultRows, 1, kMostRows);
    if (!limit) return tl::unexpected(limit.error());
    const auto log = open_audit_log(arguments, false);
    if (!log) return tl::unexpected(log.error());
    const auto rows = (*log)->newest(*limit);
    if (!rows) return fail(rows.error(), "audit list");

    Printout printout;
    std::string entries = "[";
    for (const server::AuditRow& row : *rows) {
        printout.text += line_of(row);
        entries.append(entries.size() == 1 ? "" : ",").append(json_of(row));
    }
    printout.json = server::JsonText().raw("records", entries.append("]")).take();
    return printout;
}

}  // namespace

Command audit_list_command() {
    return {.name = "audit list",
            .summary = "List the newest records of the audit log",
            .details = "One line a record, the newest last: number, time, event, realm, user, method, credential, detail; - for\n"
                       "what is empty, and for the number of a record that is not sealed yet.",
            .flags = {kDataFlag, {"--limit", "N", "How many, 1 to 100000 (default 50)"}},
            .run = list};
}

}  // namespace countersign::cli
