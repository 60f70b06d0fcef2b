// SPDX-License-Identifier: Apache-2.0
#include "log/audit_line.h"

#include <algorithm>
#include <span>

#include "app/audit_erasure.h"
#include "log/json_text.h"

namespace countersign::server {
namespace {

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) text.append({kHex[byte >> 4U], kHex[byte & 15U]});
    return text;
}

/// What stands in the store, if it has the right length; zeros were never signed.
template <class Bytes>
void copy_whole(const std::vector<std::uint8_t>& from, Bytes& to) {
    if (from.size() == to.size()) std::ranges::copy(from, to.begin());
}

}  // namespace

std::string audit_record_json(const AuditRow& row) {
    JsonText json;
    if (row.number) json.number("number", *row.number);
    if (!row.record_hash.empty()) json.text("hash", hexadecimal(row.record_hash));
    json.number("time", row.at.value);
    if (is_erased(row)) {
        return json.text("erased", row.detail)
            .text("event", row.event)
            .text("realm", row.realm)
            .text("method", row.method)
            .take();
    }
    return json.text("nonce", hexadecimal(row.nonce))
        .text("event", row.event)
        .text("realm", row.realm)
        .text("user", row.user)
        .text("method", row.method)
        .text("credential", row.credential)
        .text("detail", row.detail)
        .take();
}

std::string audit_checkpoint_json(const StoredCheckpoint& stored) {
    SignedCheckpoint checkpoint{{stored.epoch, stored.size, {}, stored.time}, {}};
    copy_whole(stored.head, checkpoint.checkpoint.head);
    copy_whole(stored.signature, checkpoint.signature);
    return JsonText().text("checkpoint", format_checkpoint(checkpoint)).take();
}

std::vector<std::string> audit_lines(const AuditPiece& piece) {
    std::vector<std::string> lines;
    auto checkpoint = piece.checkpoints.begin();
    const auto add_checkpoints = [&](std::int64_t number) {
        for (; checkpoint != piece.checkpoints.end() && checkpoint->size <= number; ++checkpoint) {
            lines.push_back(audit_checkpoint_json(*checkpoint));
        }
    };
    add_checkpoints(piece.from.number);
    for (const AuditRow& row : piece.rows) {
        lines.push_back(audit_record_json(row));
        add_checkpoints(*row.number);
    }
    return lines;
}

}  // namespace countersign::server
