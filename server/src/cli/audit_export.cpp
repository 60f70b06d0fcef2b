// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "app/audit_feed.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "cli/new_file.h"
#include "log/audit_line.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr std::int64_t kAtATime = 1000;

struct Written {
    std::int64_t records = 0;
    std::int64_t checkpoints = 0;
};

Checked<void> write_piece(const server::AuditPiece& piece, NewFile& file, Written& written) {
    std::string text;
    for (const std::string& line : server::audit_lines(piece)) text.append(line).append("\n");
    written.records += static_cast<std::int64_t>(piece.rows.size());
    written.checkpoints += static_cast<std::int64_t>(piece.checkpoints.size());
    return file.write(text);
}

Checked<Written> write_all(server::AuditFeed& feed, NewFile& file) {
    Written written;
    server::AuditCursor cursor;
    for (;;) {
        const auto piece = feed.after(cursor, kAtATime);
        if (!piece) return fail(piece.error(), "audit export");
        if (auto done = write_piece(*piece, file, written); !done) return tl::unexpected(done.error());
        if (!piece->more) break;
        cursor = server::cursor_after(*piece);
    }
    if (auto kept = file.keep(); !kept) return tl::unexpected(kept.error());
    return written;
}

Checked<Printout> export_log(const Arguments& arguments) {
    const std::string data = arguments.text("--data");
    const auto feed = server::open_audit_feed(data);
    if (!feed) return not_opened(feed.error(), data);
    auto file = NewFile::create(arguments.text("--out"));
    if (!file) return tl::unexpected(file.error());
    const auto written = write_all(**feed, *file);
    if (!written) return tl::unexpected(written.error());
    return Printout{.text = "wrote " + std::to_string(written->records) + " records and " +
                            std::to_string(written->checkpoints) + " checkpoints to " + file->path() + "\n",
                    .json = server::JsonText()
                                .number("records", written->records)
                                .number("checkpoints", written->checkpoints)
                                .text("file", file->path())
                                .take()};
}

}  // namespace

Command audit_export_command() {
    return {.name = "audit export",
            .summary = "Write the sealed audit log to a file, with its checkpoints",
            .details = "One line of JSON each, by number: a record as `audit list --json` has it, or {\"checkpoint\":\"cs-checkpoint-1 ...\"}\n"
                       "behind the last record that it covers. With the public key of `audit key` anybody can compute it again. The\n"
                       "file has mode 0600 and is never one that exists.\n"
                       "Example: countersign audit export --data data --out audit.jsonl",
            .flags = {kDataFlag, {"--out", "FILE", "Where to write; never overwritten", true}},
            .run = export_log};
}

}  // namespace countersign::cli
