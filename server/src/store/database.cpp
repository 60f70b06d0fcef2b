// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace countersign::server {
namespace {

constexpr int kBusyMilliseconds = 10'000;

/// SQLite counts its memory under one lock of the whole process, at every allocation, and nobody asks. Only
/// the first connection of a process can change that.
void leave_memory_uncounted() {
    static const int changed = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(changed);  // too late, or not: it is a matter of speed alone
}

int open_flags() noexcept {
    leave_memory_uncounted();  // before the connection opens
    return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX;
}

}  // namespace

Query::~Query() {
    statement_.tryReset();
    try {
        statement_.clearBindings();
    } catch (const SQLite::Exception&) {  // cannot fail after a reset; a destructor must not throw
    }
}

Query& Query::bind(const char* name, std::int64_t value) {
    statement_.bind(name, value);
    return *this;
}

Query& Query::bind(const char* name, const std::optional<std::int64_t>& value) {
    if (value) statement_.bind(name, *value);
    else statement_.bind(name);
    return *this;
}

Query& Query::bind(const char* name, const std::string& value) {
    statement_.bindNoCopy(name, value);
    return *this;
}

Query& Query::bind(const char* name, std::string_view value) {
    statement_.bind(name, std::string(value));
    return *this;
}

Query& Query::bind(const char* name, std::span<const std::uint8_t> value) {
    statement_.bindNoCopy(name, value.data(), static_cast<int>(value.size()));
    return *this;
}

bool Query::run() {
    bool any = false;
    while (step()) any = true;
    return any;
}

std::int64_t Query::integer(int column) const { return statement_.getColumn(column).getInt64(); }

std::optional<std::int64_t> Query::maybe_integer(int column) const {
    const SQLite::Column value = statement_.getColumn(column);
    if (value.isNull()) return std::nullopt;
    return value.getInt64();
}

std::string Query::text(int column) const { return statement_.getColumn(column).getString(); }

std::vector<std::uint8_t> Query::blob(int column) const {
    const SQLite::Column value = statement_.getColumn(column);
    const auto* bytes = static_cast<const std::uint8_t*>(value.getBlob());
    return {bytes, bytes + value.getBytes()};
}

Digest Query::digest(int column) const {
    const std::vector<std::uint8_t> bytes = blob(column);
    Digest digest{};
    if (bytes.size() == digest.size()) std::ranges::copy(bytes, digest.begin());
    return digest;
}

Database::Database(const std::string& file, Role role) : connection_(file, open_flags(), kBusyMilliseconds) {
    if (connection_.execAndGet("PRAGMA journal_mode=WAL").getString() != "wal") {
        throw std::runtime_error("the file system does not support SQLite's write-ahead log");
    }
    execute("PRAGMA synchronous=FULL");
    execute("PRAGMA trusted_schema=OFF");
    if (role == Role::Reader) execute("PRAGMA query_only=ON");
}

SQLite::Statement& Database::prepared(Sql sql) {
    const auto found = statements_.find(sql.text());
    if (found != statements_.end()) return found->second;
    return statements_.try_emplace(sql.text(), connection_, sql.text()).first->second;
}

bool Database::autocommit() const noexcept { return sqlite3_get_autocommit(connection_.getHandle()) != 0; }

void Database::abandon() noexcept {
    if (autocommit()) return;
    sqlite3_exec(connection_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace countersign::server
