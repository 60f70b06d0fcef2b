// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "failing_vfs.h"
#include "store/checkpointer.h"
#include "store/database.h"
#include "temporary_directory.h"

// Statements and the write-ahead log, on a database of the test's own.

using namespace countersign::server;

namespace {

constexpr std::int64_t kPageBytes = 4096 + 24;  // with its frame's header

/// Some twenty-five pages in one transaction.
void write_pages(Database& database, std::int64_t id) {
    WriteTransaction transaction(database);
    Query(database.prepared("INSERT INTO heap (id, bytes) VALUES (:id, zeroblob(100000))")).bind(":id", id).run();
    transaction.commit();
}

/// Of the log's header; others as soon as it begins anew.
std::string salts_of(const std::string& file) {
    std::ifstream log(file + "-wal", std::ios::binary);
    std::string salts(8, '\0');
    log.seekg(16).read(salts.data(), 8);
    return log ? salts : "no log";
}

}  // namespace

TEST_CASE("under writing without a pause the log stays bounded, and no commit is lost [R18]") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("heap.sqlite");
    Database database(file, Role::Writer, 8);
    database.execute("CREATE TABLE heap (id INTEGER PRIMARY KEY, bytes BLOB)");
    constexpr std::int64_t kWrites = 3 * Checkpointer::kLongestLog / 25;
    {
        Checkpointer checkpointer(database);
        for (std::int64_t id = 0; id < kWrites; ++id) {
            write_pages(database, id);
            checkpointer.tend();
        }
    }
    const auto log_bytes = static_cast<std::int64_t>(std::filesystem::file_size(file + "-wal"));
    CHECK(log_bytes < 2 * Checkpointer::kLongestLog * kPageBytes);
    SQLite::Database outside(file, SQLite::OPEN_READWRITE);
    CHECK(outside.execAndGet("SELECT count(*) FROM heap").getInt64() == kWrites);
    CHECK(outside.execAndGet("PRAGMA integrity_check").getString() == "ok");
}

TEST_CASE("after a sync of the database file has failed the log is kept whole until the process ends [R18] [L19]") {
    FailingVfs::install();
    const TemporaryDirectory directory;
    const std::string file = directory.file("heap.sqlite");
    std::string salts;
    std::int64_t written = 0;
    {
        Database database(file, Role::Writer, 8);
        database.execute("CREATE TABLE heap (id INTEGER PRIMARY KEY, bytes BLOB)");
        Checkpointer checkpointer(database);
        FailingVfs::fail_after(0, FailingVfs::Fault::DatabaseSyncError);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!checkpointer.failed() && std::chrono::steady_clock::now() < until) {
            write_pages(database, written++);
            checkpointer.tend();
        }
        FailingVfs::heal();  // as a kernel does, which tells a lost page once
        REQUIRE(checkpointer.failed());
        salts = salts_of(file);
        for (std::int64_t more = 0; more < 2 * Checkpointer::kLongestLog / 25; ++more) {
            write_pages(database, written++);
            checkpointer.tend();
        }
        CHECK(salts_of(file) == salts);
    }
    CHECK(salts_of(file) == salts);  // nor does the last connection copy and delete it
    SQLite::Database outside(file, SQLite::OPEN_READWRITE);
    CHECK(outside.execAndGet("SELECT count(*) FROM heap").getInt64() == written);
}

TEST_CASE("a statement that has ended does not begin again, and says whether it changed a row [R8]") {
    const TemporaryDirectory directory;
    Database database(directory.file("heap.sqlite"), Role::Writer);
    database.execute("CREATE TABLE heap (id INTEGER PRIMARY KEY, name TEXT, bytes BLOB)");
    CHECK(Query(database.prepared("INSERT INTO heap (id, name) VALUES (:id, :name)")).bind(":id", 1).bind(":name", "").change());
    CHECK(Query(database.prepared("UPDATE heap SET id = :to WHERE id = :id")).bind(":id", 1).bind(":to", 2).change());
    CHECK_FALSE(Query(database.prepared("UPDATE heap SET id = :to WHERE id = :id")).bind(":id", 1).bind(":to", 3).change());
    Query query(database.prepared("SELECT id, name, bytes FROM heap"));
    REQUIRE(query.step());
    CHECK(query.integer(0) == 2);
    CHECK(query.text(1).empty());
    CHECK(query.maybe_integer(1));  // an empty text is not NULL
    CHECK_FALSE(query.maybe_integer(2));
    CHECK(query.blob(2).empty());
    CHECK_FALSE(query.step());
    CHECK_FALSE(query.step());
}

TEST_CASE("a value bound to a name that the statement does not have is an error, and so is a statement that is none [R10]") {
    const TemporaryDirectory directory;
    Database database(directory.file("heap.sqlite"), Role::Writer);
    CHECK_THROWS_AS(Query(database.prepared("SELECT :a")).bind(":b", 1), SQLite::Exception);
    CHECK_THROWS_AS(database.prepared("SELECT FROM"), SQLite::Exception);
    database.execute("CREATE TABLE heap (id INTEGER PRIMARY KEY)");
    Query(database.prepared("INSERT INTO heap VALUES (:id)")).bind(":id", 7).run();
    CHECK_THROWS_AS(Query(database.prepared("INSERT INTO heap VALUES (:id)")).bind(":id", 7).run(), SQLite::Exception);
    CHECK(Query(database.prepared("INSERT INTO heap VALUES (:id)")).bind(":id", 8).change());  // usable after its error
}
