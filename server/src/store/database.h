// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/digest.h"
#include "store/sql.h"

struct sqlite3;
struct sqlite3_stmt;

namespace countersign::server {

/// SQLite counts its memory under one lock of the whole process, at every allocation, and nobody asks. To be called
/// before the first connection of the process is opened, by whoever opens it; later it does nothing.
void leave_memory_uncounted() noexcept;

/// One compiled statement of a connection's, kept for as long as the connection. SQLite's own functions are called
/// without a layer between: a verification reads some twenty columns and binds as many values.
class Statement {
  public:
    /// Throws SQLite::Exception.
    Statement(sqlite3* connection, Sql sql);

  private:
    friend class Query;
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
};

/// One run of a prepared statement: bound by name, reset at the end. Throws SQLite::Exception.
class Query {
  public:
    explicit Query(Statement& statement) : statement_(statement.handle_.get()) {}
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(const char* name, std::int64_t value);
    Query& bind(const char* name, const std::optional<std::int64_t>& value);
    /// Borrowed until the end of this query.
    Query& bind(const char* name, const std::string& value);
    Query& bind(const char* name, std::string&& value) = delete;
    Query& bind(const char* name, std::string_view value);
    Query& bind(const char* name, const char* value) { return bind(name, std::string_view(value)); }
    Query& bind(const char* name, std::span<const std::uint8_t> value);

    /// True while there is a row; false for good after the last.
    bool step();
    /// Runs to the end; true when there was at least one row.
    bool run();
    /// Runs an INSERT, UPDATE or DELETE to the end; true when it changed at least one row. Cheaper than RETURNING,
    /// for which SQLite fills a table of its own.
    bool change();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::vector<std::uint8_t> blob(int column) const;
    [[nodiscard]] Digest digest(int column) const;

  private:
    /// Throws for a name that the statement does not have.
    [[nodiscard]] int index_of(const char* name) const;
    void must(int result) const;

    sqlite3_stmt* statement_;
    bool done_ = false;
};

enum class Role : unsigned char { Writer, Reader };

/// A connection with its prepared statements. One thread at a time.
class Database {
  public:
    /// WAL, synchronous=FULL, busy timeout; a reader refuses to write. Throws SQLite::Exception.
    /// @param cache_mib  page cache, filled as pages are used; nothing: SQLite's own 2 MiB
    Database(const std::string& file, Role role, std::optional<int> cache_mib = {});
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// No connection of this process copies the log of that file any more as it closes, and deletes it.
    /// @param file  as `sqlite3_db_filename` names it
    static void keep_log_of(const std::string& file);

    /// The statement, prepared once; the key is the literal's address.
    [[nodiscard]] Statement& prepared(Sql sql);
    void execute(Sql sql) { connection_.exec(sql.text()); }
    /// False inside a transaction. After an error it tells whether SQLite has ended it (R10).
    [[nodiscard]] bool autocommit() const noexcept;
    /// Undoes an open transaction, if there still is one. Never throws.
    void abandon() noexcept;
    [[nodiscard]] SQLite::Database& connection() noexcept { return connection_; }

  private:
    SQLite::Database connection_;
    std::unordered_map<const char*, Statement> statements_;  // declared after the connection: they go first
};

/// BEGIN IMMEDIATE until `commit`; undone when left without it.
class WriteTransaction {
  public:
    explicit WriteTransaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
    ~WriteTransaction() { database_.abandon(); }
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;
    void commit() { database_.execute("COMMIT"); }

  private:
    Database& database_;
};

}  // namespace countersign::server
