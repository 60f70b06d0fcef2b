// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>

#include "app/system_clock.h"
#include "cli/commands.h"
#include "cli/terminal_text.h"
#include "cli/users_flags.h"
#include "cli/users_import_flags.h"

namespace countersign::cli {
namespace {

using server::BadRow;
using server::ImportBatch;
using server::ImportRow;

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(text.empty() ? "" : ",").append(word);
    return text;
}

void tell_bad(const std::vector<BadRow>& bad, Printout& printout, server::JsonText& json) {
    std::string list = "[";
    for (const BadRow& row : bad) {
        printout.text += "line " + std::to_string(row.line) + ": " + row.why + "\n";
        list.append(list.size() == 1 ? "" : ",").append(server::JsonText().number("line", row.line).text("why", row.why).take());
    }
    json.raw("bad", list.append("]"));
}

/// Those of the list who have an authenticator in the store, if there is one.
Checked<std::set<std::string>> find_existing(const Arguments& arguments, const ImportBatch& batch) {
    std::set<std::string> existing;
    if (!server::has_store(arguments.text("--data"))) return existing;
    const auto people = open_people(arguments, KeyNeed::None);
    if (!people) return tl::unexpected(people.error());
    std::vector<std::string> users;
    for (const ImportRow& row : batch.rows) users.push_back(row.user);
    const auto enrolled = (*people)->enrolled_among(realm_of(arguments), users);
    if (!enrolled) return fail(enrolled.error(), "users import");
    existing.insert(enrolled->begin(), enrolled->end());
    return existing;
}

Checked<void> preview_row(const ImportRow& row, bool existing, UnixSeconds now, Printout& printout, std::string& list) {
    const auto code = generate_totp(row.seed.bytes(), now, row.parameters);
    if (!code) return fail(code.error(), "users import");
    printout.text.append(std::to_string(row.line)).append("  ").append(column(row.user)).append("  ").append(code->text());
    if (existing) printout.text += "  has an authenticator";
    if (!row.warnings.empty()) printout.text += "  " + column(join(row.warnings));
    printout.text += "\n";
    server::JsonText json;
    json.number("line", row.line)
        .text("user", row.user)
        .text("code", code->text())
        .text("algorithm", algorithm_name(row.parameters.algorithm))
        .number("digits", row.parameters.digits)
        .number("period", row.parameters.period_seconds)
        .boolean("existing", existing);
    if (!row.warnings.empty()) json.text("warnings", join(row.warnings));
    list.append(list.size() == 1 ? "" : ",").append(json.take());
    return {};
}

Checked<Printout> preview(const Arguments& arguments, ImportBatch batch, const server::ImportOptions& options) {
    if (options.on_existing != server::OnExisting::Add) refuse_repeated_users(batch);
    const auto existing = find_existing(arguments, batch);
    if (!existing) return tl::unexpected(existing.error());
    const UnixSeconds now = server::make_system_clock()->wall();
    Printout printout;
    server::JsonText json;
    std::string list = "[";
    for (const ImportRow& row : batch.rows) {
        if (auto shown = preview_row(row, existing->contains(row.user), now, printout, list); !shown) {
            return tl::unexpected(shown.error());
        }
    }
    json.number("time", now.value).raw("rows", list.append("]"));
    tell_bad(batch.bad, printout, json);
    printout.text += "nothing was written\n";
    printout.json = json.take();
    printout.exit_code = batch.bad.empty() ? kExitDone : kExitNo;
    return printout;
}

/// Beside its number: what the reader put up with.
void tell_warnings(const std::vector<std::pair<std::int64_t, std::string>>& warnings, Printout& printout,
                   server::JsonText& json) {
    std::string list = "[";
    for (const auto& [line, names] : warnings) {
        printout.text += "line " + std::to_string(line) + ": warning " + column(names) + "\n";
        list.append(list.size() == 1 ? "" : ",").append(server::JsonText().number("line", line).text("warnings", names).take());
    }
    json.raw("warnings", list.append("]"));
}

Checked<Printout> write(const Arguments& arguments, ImportBatch batch, const server::ImportOptions& options) {
    const auto people = open_people(arguments, KeyNeed::Always, true);
    if (!people) return tl::unexpected(people.error());
    std::vector<std::pair<std::int64_t, std::string>> warnings;
    for (const ImportRow& row : batch.rows) {
        if (!row.warnings.empty()) warnings.emplace_back(row.line, join(row.warnings));
    }
    const std::string realm = realm_of(arguments);
    const auto report = (*people)->import(realm, std::move(batch), options);
    if (!report) return fail(report.error(), "users import");

    Printout printout;
    server::JsonText json;
    json.text("realm", realm).number("imported", report->imported);
    tell_warnings(warnings, printout, json);
    tell_bad(report->bad, printout, json);
    std::string skipped = "[";
    for (const std::int64_t line : report->existing) {
        printout.text += "line " + std::to_string(line) + ": this user has an authenticator already\n";
        skipped.append(skipped.size() == 1 ? "" : ",").append(std::to_string(line));
    }
    printout.text += "imported " + std::to_string(report->imported) + " users\n";
    if (!options.fresh) printout.text += "their codes of this moment count as used elsewhere: those of the next minute are good\n";
    printout.json = json.raw("existing", skipped.append("]")).take();
    return printout;
}

Checked<Printout> import(const Arguments& arguments) {
    const auto options = read_import_options(arguments);
    if (!options) return tl::unexpected(options.error());
    auto batch = read_batch(arguments);
    if (!batch) return tl::unexpected(batch.error());
    if (arguments.has("--preview")) return preview(arguments, std::move(*batch), *options);
    return write(arguments, std::move(*batch), *options);
}

std::vector<Flag> flags() {
    std::vector<Flag> all{kDataFlag, kMasterKeyFlag, kGuardFlag};
    for (const Flag& flag : import_flags()) all.push_back(flag);
    all.push_back(kRealmFlag);
    return all;
}

}  // namespace

Command users_import_command() {
    return {.name = "users import",
            .summary = "Take over users and their seeds from a list, all or none",
            .details = "CSV: the first line is `user,secret[,algorithm[,digits[,period]]]`, each further line one user; the secret has\n"
                       "16 to 64 bytes. otpauth: one URI a line, the account is the user. With --preview compare the codes with a\n"
                       "phone before anything is written. A bad row is named by its line, and nothing is imported. The codes of\n"
                       "this moment count as used where the seeds come from; seeds that nobody has used yet come in with --fresh.\n"
                       "Example: countersign users import --data data --csv-file users.csv --secret-format hex --preview",
            .flags = flags(),
            .run = import};
}

}  // namespace countersign::cli
