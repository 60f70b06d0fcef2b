// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include <sqlite3.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <stdexcept>

namespace countersign::server {
namespace {

constexpr int kBusyMilliseconds = 10'000;

struct KeptLogs {
    std::mutex mutex;
    std::set<std::string> files;
};

KeptLogs& kept_logs() {
    static KeptLogs logs;
    return logs;
}

int open_flags() noexcept {
    leave_memory_uncounted();  // before the connection opens
    return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX;
}

}  // namespace

void leave_memory_uncounted() noexcept {
    static const int changed = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(changed);  // too late, or not: it is a matter of speed alone
}

Statement::Statement(sqlite3* connection, Sql sql) {
    sqlite3_stmt* made = nullptr;
    const int result = sqlite3_prepare_v3(connection, sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (result != SQLITE_OK) throw SQLite::Exception(connection, result);
    handle_.reset(made);
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

// What a statement failed with was thrown at its step; resetting only says it again.
Query::~Query() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::must(int result) const {
    if (result != SQLITE_OK) throw SQLite::Exception(sqlite3_db_handle(statement_), result);
}

int Query::index_of(const char* name) const {
    const int index = sqlite3_bind_parameter_index(statement_, name);
    if (index == 0) throw SQLite::Exception(std::string("the statement has no parameter ") + name);
    return index;
}

Query& Query::bind(const char* name, std::int64_t value) {
    must(sqlite3_bind_int64(statement_, index_of(name), value));
    return *this;
}

Query& Query::bind(const char* name, const std::optional<std::int64_t>& value) {
    if (value) return bind(name, *value);
    must(sqlite3_bind_null(statement_, index_of(name)));
    return *this;
}

Query& Query::bind(const char* name, const std::string& value) {
    must(sqlite3_bind_text(statement_, index_of(name), value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
    return *this;
}

Query& Query::bind(const char* name, std::string_view value) {
    const char* bytes = value.empty() ? "" : value.data();  // without an address it would be NULL
    must(sqlite3_bind_text(statement_, index_of(name), bytes, static_cast<int>(value.size()), SQLITE_TRANSIENT));
    return *this;
}

Query& Query::bind(const char* name, std::span<const std::uint8_t> value) {
    must(sqlite3_bind_blob(statement_, index_of(name), value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
    return *this;
}

bool Query::step() {
    if (done_) return false;  // SQLite would begin again
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    done_ = true;
    if (result != SQLITE_DONE) throw SQLite::Exception(sqlite3_db_handle(statement_), result);
    return false;
}

bool Query::run() {
    bool any = false;
    while (step()) any = true;
    return any;
}

bool Query::change() {
    run();
    return sqlite3_changes(sqlite3_db_handle(statement_)) > 0;
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::int64_t> Query::maybe_integer(int column) const {
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
}

std::string Query::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes, bytes + sqlite3_column_bytes(statement_, column)};
}

std::vector<std::uint8_t> Query::blob(int column) const {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return {bytes, bytes + sqlite3_column_bytes(statement_, column)};
}

Digest Query::digest(int column) const {
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    Digest digest{};
    if (static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)) == digest.size()) {
        std::copy_n(bytes, digest.size(), digest.begin());
    }
    return digest;
}

Database::Database(const std::string& file, Role role, std::optional<int> cache_mib)
    : connection_(file, open_flags(), kBusyMilliseconds) {
    if (connection_.execAndGet("PRAGMA journal_mode=WAL").getString() != "wal") {
        throw std::runtime_error("the file system does not support SQLite's write-ahead log");
    }
    execute("PRAGMA synchronous=FULL");
    execute("PRAGMA trusted_schema=OFF");
    if (role == Role::Reader) execute("PRAGMA query_only=ON");
    // A number of ours, and a negative one counts KiB. A pragma takes no parameters.
    if (cache_mib) connection_.exec("PRAGMA cache_size=-" + std::to_string(std::int64_t{*cache_mib} * 1024));
}

Database::~Database() {
    sqlite3* const connection = connection_.getHandle();
    KeptLogs& kept = kept_logs();
    const std::lock_guard lock(kept.mutex);
    if (kept.files.contains(sqlite3_db_filename(connection, "main"))) {
        sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
}

void Database::keep_log_of(const std::string& file) {
    KeptLogs& kept = kept_logs();
    const std::lock_guard lock(kept.mutex);
    kept.files.insert(file);
}

Statement& Database::prepared(Sql sql) {
    const auto found = statements_.find(sql.text());
    if (found != statements_.end()) return found->second;
    return statements_.try_emplace(sql.text(), connection_.getHandle(), sql).first->second;
}

bool Database::autocommit() const noexcept { return sqlite3_get_autocommit(connection_.getHandle()) != 0; }

void Database::abandon() noexcept {
    if (autocommit()) return;
    sqlite3_exec(connection_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace countersign::server
