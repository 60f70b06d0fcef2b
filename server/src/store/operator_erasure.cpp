// SPDX-License-Identifier: Apache-2.0
#include "store/operator_erasure.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <thread>

#include "app/audit_erasure.h"
#include "countersign/secret.h"
#include "store/audit.h"
#include "store/audit_rows.h"

namespace countersign::server {
namespace {

constexpr int kMostReaderMilliseconds = 200;  // meanwhile the server's writer waits as well
constexpr std::chrono::seconds kMostCopying{2};

struct UserTable {
    std::string_view name;
    Sql erase;
};

// Each table that has a user. `unknown_user` has keyed hashes only, `audit` and `mail_allowance` are below.
constexpr UserTable kTables[] = {
    {"session", "DELETE FROM session WHERE realm = :realm AND user = :user RETURNING 1"},
    {"challenge", "DELETE FROM challenge WHERE realm = :realm AND user = :user RETURNING 1"},
    {"challenge_attempt", "DELETE FROM challenge_attempt WHERE realm = :realm AND user = :user RETURNING 1"},
    {"mail_code", "DELETE FROM mail_code WHERE realm = :realm AND user = :user RETURNING 1"},
    {"outbox", "DELETE FROM outbox WHERE realm = :realm AND user = :user RETURNING 1"},
    {"security_code", "DELETE FROM security_code WHERE realm = :realm AND user = :user RETURNING 1"},
    {"credential", "DELETE FROM credential WHERE realm = :realm AND user = :user RETURNING 1"},
    {"alternate_choice", "DELETE FROM alternate_choice WHERE realm = :realm AND user = :user RETURNING 1"},
    {"contact", "DELETE FROM contact WHERE realm = :realm AND user = :user RETURNING 1"},
};

std::int64_t delete_rows(Database& database, Sql sql, const PersonErasure& erasure) {
    Query query(database.prepared(sql));
    query.bind(":realm", erasure.realm).bind(":user", erasure.user);
    std::int64_t rows = 0;
    while (query.step()) ++rows;
    return rows;
}

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// How often his mails were told of in an hour stands under his name (`store/notices`): `PREFIX\nUSER\nABOUT`. A name
/// may have a line end in it, what follows has none: with one more, the row is of another user.
std::int64_t delete_notice_counts(Database& database, const PersonErasure& erasure, std::string_view prefix) {
    const std::string from = std::string(prefix) + "\n" + erasure.user + "\n";
    std::string until = from;
    until.back() = '\n' + 1;
    std::vector<std::vector<std::uint8_t>> found;
    {
        Query query(database.prepared("SELECT address FROM mail_allowance WHERE realm = :realm "
                                      "AND address >= :from AND address < :until"));
        query.bind(":realm", erasure.realm).bind(":from", bytes_of(from)).bind(":until", bytes_of(until));
        while (query.step()) {
            std::vector<std::uint8_t> address = query.blob(0);
            const auto about = std::span(address).subspan(from.size());
            if (std::ranges::find(about, std::uint8_t{'\n'}) == about.end()) found.push_back(std::move(address));
        }
    }
    for (const auto& address : found) {
        Query(database.prepared("DELETE FROM mail_allowance WHERE realm = :realm AND address = :address"))
            .bind(":realm", erasure.realm)
            .bind(":address", std::span<const std::uint8_t>(address))
            .run();
    }
    return static_cast<std::int64_t>(found.size());
}

/// How often an address of his was set up (`store/mail_code_rows`): `set-ups\nUSER`.
std::int64_t delete_set_up_counts(Database& database, const PersonErasure& erasure) {
    const std::string name = "set-ups\n" + erasure.user;
    return Query(database.prepared("DELETE FROM mail_allowance WHERE realm = :realm AND address = :address RETURNING 1"))
                   .bind(":realm", erasure.realm)
                   .bind(":address", bytes_of(name))
                   .run()
               ? 1
               : 0;
}

std::vector<AuditRow> records_of(Database& database, const PersonErasure& erasure) {
    Query query(database.prepared(
        "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
        "FROM audit WHERE realm = :realm AND user = :user"));
    query.bind(":realm", erasure.realm).bind(":user", erasure.user);
    std::vector<AuditRow> rows;
    while (query.step()) rows.push_back(read_audit_row(query));
    return rows;
}

/// The hash that was sealed stays as it is, right or wrong: an erasure must not mend what was changed.
ChainHash hash_kept(const AuditRow& row) {
    ChainHash hash{};
    if (row.record_hash.size() == hash.size()) std::ranges::copy(row.record_hash, hash.begin());
    else hash = hash_audit_row(row);
    return hash;
}

void erase_record(Database& database, const PersonErasure& erasure, const AuditRow& row, const ChainHash& hash) {
    const Secret nonce = Secret::random(kErasedNonceBytes);
    Query(database.prepared("UPDATE audit SET user = '', credential = '', detail = :deletion, nonce = :new, "
                            "record_hash = :hash WHERE realm = :realm AND user = :user AND at = :at AND nonce = :nonce"))
        .bind(":deletion", erasure.deletion)
        .bind(":new", nonce.bytes())
        .bind(":hash", std::span<const std::uint8_t>(hash))
        .bind(":realm", row.realm)
        .bind(":user", row.user)
        .bind(":at", row.at.value)
        .bind(":nonce", std::span<const std::uint8_t>(row.nonce))
        .run();
}

}  // namespace

std::optional<ErasedPerson> erase_person(Database& database, const PersonErasure& erasure) {
    ErasedPerson erased;
    const auto note = [&](std::string_view table, std::int64_t rows) {
        if (rows > 0) erased.rows.emplace_back(table, rows);
    };
    for (const UserTable& table : kTables) note(table.name, delete_rows(database, table.erase, erasure));
    note("mail_allowance", delete_notice_counts(database, erasure, "notice") +
                               delete_notice_counts(database, erasure, "notices") +
                               delete_set_up_counts(database, erasure));
    std::vector<ChainHash> remains;
    for (const AuditRow& row : records_of(database, erasure)) {
        const ChainHash sealed = hash_kept(row);
        remains.push_back(hash_of_remains(row, erasure.deletion, sealed));
        erase_record(database, erasure, row, sealed);
    }
    erased.audit_records = static_cast<std::int64_t>(remains.size());
    if (erased.rows.empty() && remains.empty()) return std::nullopt;
    const std::string nobody;
    const std::string detail = erasure_detail(erasure.deletion, std::move(remains), erasure.prove);
    record_event(database, erasure.now, {erasure.realm, nobody, kUserDeleted, "", erasure.deletion, detail});
    return erased;
}

bool cut_log(Database& database) noexcept {
    using std::chrono::steady_clock;
    sqlite3* const connection = database.connection().getHandle();
    sqlite3_busy_timeout(connection, kMostReaderMilliseconds);  // for readers and the writer
    const auto until = steady_clock::now() + kMostCopying;
    int result = SQLITE_BUSY;
    while ((result = sqlite3_wal_checkpoint_v2(connection, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr)) == SQLITE_BUSY &&
           steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // who copies the log is not waited for by SQLite
    }
    return result == SQLITE_OK;
}

}  // namespace countersign::server
