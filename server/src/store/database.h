// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/digest.h"
#include "store/sql.h"

namespace countersign::server {

/// One run of a prepared statement: bound by name, reset at the end. Throws SQLite::Exception.
class Query {
  public:
    explicit Query(SQLite::Statement& statement) : statement_(statement) {}
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

    /// True while there is a row.
    bool step() { return statement_.executeStep(); }
    /// Runs to the end; true when there was at least one row.
    bool run();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::vector<std::uint8_t> blob(int column) const;
    [[nodiscard]] Digest digest(int column) const;

  private:
    SQLite::Statement& statement_;
};

enum class Role : unsigned char { Writer, Reader };

/// A connection with its prepared statements. One thread at a time.
class Database {
  public:
    /// WAL, synchronous=FULL, busy timeout; a reader refuses to write. Throws SQLite::Exception.
    Database(const std::string& file, Role role);

    /// The statement, prepared once; the key is the literal's address.
    [[nodiscard]] SQLite::Statement& prepared(Sql sql);
    void execute(Sql sql) { connection_.exec(sql.text()); }
    /// False inside a transaction. After an error it tells whether SQLite has ended it (R10).
    [[nodiscard]] bool autocommit() const noexcept;
    /// Undoes an open transaction, if there still is one. Never throws.
    void abandon() noexcept;
    [[nodiscard]] SQLite::Database& connection() noexcept { return connection_; }

  private:
    SQLite::Database connection_;
    std::unordered_map<const char*, SQLite::Statement> statements_;
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
