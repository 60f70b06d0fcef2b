// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_flags.h"
#include "cli/commands.h"
#include "cli/data_flags.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

std::string_view since_sentence(std::string_view outcome) {
    if (outcome == "extends") return "the log extends the checkpoint";
    if (outcome == "extends_after_restore") {
        return "the log extends the checkpoint, but the store was restored from a backup since";
    }
    if (outcome == "rolled_back") return "the log has less than the checkpoint covers, or is of an earlier epoch";
    if (outcome == "bad_signature") return "the checkpoint was not signed by this key";
    return "the log has other records than the checkpoint covers";
}

std::string text_of(const server::AuditReport& report) {
    std::string text = "sealed " + std::to_string(report.sealed) + ", of these signed " +
                       std::to_string(report.signed_size) + "; not sealed yet " + std::to_string(report.unsealed) + "\n";
    if (report.erased > 0) text += "erased with their users " + std::to_string(report.erased) + "\n";
    for (const server::AuditBreak& each : report.breaks) {
        text += "broken at " + std::to_string(each.number) + ": " + each.what + "\n";
    }
    const auto untold = report.break_count - static_cast<std::int64_t>(report.breaks.size());
    if (untold > 0) text += "and " + std::to_string(untold) + " more\n";
    if (report.since) text.append(*report.since).append(": ").append(since_sentence(*report.since)).append("\n");
    if (!report.checkpoint.empty()) text += report.checkpoint + "\n";
    return text + (report.intact() ? "intact\n" : "NOT INTACT\n");
}

std::string json_of(const server::AuditReport& report) {
    std::string breaks = "[";
    for (const server::AuditBreak& each : report.breaks) {
        breaks.append(breaks.size() == 1 ? "" : ",")
            .append(server::JsonText().number("number", each.number).text("what", each.what).take());
    }
    server::JsonText json;
    json.boolean("intact", report.intact())
        .number("epoch", report.epoch)
        .number("sealed", report.sealed)
        .number("signed", report.signed_size)
        .number("unsealed", report.unsealed)
        .number("erased", report.erased)
        .number("break_count", report.break_count)
        .raw("breaks", breaks.append("]"));
    if (report.since) json.text("since", *report.since);
    if (!report.checkpoint.empty()) json.text("checkpoint", report.checkpoint);
    return json.take();
}

Checked<Printout> verify(const Arguments& arguments) {
    std::optional<SignedCheckpoint> since;
    if (arguments.has("--since")) {
        const auto read = parse_checkpoint(arguments.text("--since"));
        if (!read) return fail(read.error(), "--since");
        since = *read;
    }
    const auto log = open_audit_log(arguments, true);
    if (!log) return tl::unexpected(log.error());
    const auto report = (*log)->verify(since);
    if (!report) return fail(report.error(), "audit verify");
    return Printout{.text = text_of(*report),
                    .json = json_of(*report),
                    .exit_code = report->intact() ? kExitDone : kExitNo};
}

}  // namespace

Command audit_verify_command() {
    return {.name = "audit verify",
            .summary = "Compute the audit log's chain and signatures again",
            .details = "Prints what is sealed, signed and neither, each place where the log is broken, and the last checkpoint:\n"
                       "keep that line elsewhere, and give it with --since the next time. Exit 0: intact, and with --since\n"
                       "everything that checkpoint covers is still there. Exit 1: it is not.\n"
                       "Example: countersign audit verify --data data --master-key-file master.key --since \"$(cat kept)\"",
            .flags = {kDataFlag, kMasterKeyFlag, kGuardFlag, {"--since", "LINE", "A line cs-checkpoint-1 ... that was kept"}},
            .run = verify};
}

}  // namespace countersign::cli
