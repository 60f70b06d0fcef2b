// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

#include "app/master_key.h"
#include "app/store.h"
#include "stage.h"
#include "store/directory.h"
#include "store/rows.h"

using namespace countersign;
using namespace countersign::server;
namespace fs = std::filesystem;

namespace {

ServerErrorCode code_of(const Answer<std::unique_ptr<Service>>& answer) {
    REQUIRE_FALSE(answer);
    return answer.error().code;
}

}  // namespace

TEST_CASE("every table leads with the realm, and the user where it has one; only what is the store's own has none [R1]") {
    Stage stage;
    SQLite::Database outside(stage.database(), SQLite::OPEN_READONLY);
    SQLite::Statement tables(outside, "SELECT name FROM sqlite_schema WHERE type = 'table'");
    std::set<std::string> seen;
    while (tables.executeStep()) {
        const std::string table = tables.getColumn(0).getString();
        seen.insert(table);
        static const std::set<std::string> kStoresOwn{"state", "audit_chain", "audit_checkpoint", "master_key", "kept_key"};
        if (kStoresOwn.contains(table)) continue;
        SQLite::Statement columns(outside, "SELECT name, pk FROM pragma_table_info('" + table + "')");
        std::vector<std::string> names;
        while (columns.executeStep()) {
            const std::string name = columns.getColumn(0).getString();
            names.push_back(name);
            if (name == "realm") CHECK(columns.getColumn(1).getInt() == 1);  // first in the primary key
            if (name == "user") CHECK(columns.getColumn(1).getInt() == 2);
        }
        CHECK(names.at(0) == "realm");
        const auto user = std::find(names.begin(), names.end(), "user");
        CHECK((user == names.end() || user == names.begin() + 1));
    }
    CHECK(seen == std::set<std::string>{"state", "realm", "app_key", "session", "credential", "unknown_user", "audit",
                                        "audit_chain", "audit_checkpoint", "policy", "security_code", "contact",
                                        "alternate_choice", "challenge", "challenge_attempt", "mail_code",
                                        "mail_allowance", "outbox", "master_key", "kept_key"});
}

TEST_CASE("the store writes ahead, waits for the disk and has strict tables [R18]") {
    Stage stage;
    SQLite::Database outside(stage.database(), SQLite::OPEN_READONLY);
    CHECK(outside.execAndGet("PRAGMA journal_mode").getString() == "wal");
    CHECK(outside.execAndGet("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0 "
                             "AND name NOT LIKE 'sqlite_%'").getInt() == 0);
    CHECK(outside.execAndGet("PRAGMA integrity_check").getString() == "ok");
}

TEST_CASE("database and log are their owner's alone, in a directory that others may read [R20]") {
    const TemporaryDirectory directory;
    fs::permissions(directory.path(), fs::perms::all);
    CHECK(open_operator_store(directory.path(), true).error().code == ServerErrorCode::DataDirectoryUnusable);
    fs::permissions(directory.path(), fs::perms::group_write | fs::perms::others_write, fs::perm_options::remove);
    REQUIRE(open_operator_store(directory.path(), true));
    auto administration = open_operator_store(directory.path(), true);
    REQUIRE((*administration)->create_realm("second", UnixSeconds{1}));
    for (const std::string name : {"countersign.sqlite", "countersign.sqlite-wal"}) {
        CHECK(fs::status(directory.file(name)).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    }
}

TEST_CASE("a database that others could read is closed to them when it is opened [R20]") {
    const TemporaryDirectory directory;
    REQUIRE(open_operator_store(directory.path(), true));
    const std::string file = directory.file("countersign.sqlite");
    fs::permissions(file, fs::perms::group_read | fs::perms::others_read, fs::perm_options::add);
    REQUIRE(open_operator_store(directory.path(), true));
    CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a second server on the same directory is refused in one clear line [R18]") {
    Stage stage;
    const auto second = Service::start({stage.data, stage.key_file, 1}, stage.clock, stage.log);
    CHECK(code_of(second) == ServerErrorCode::DataDirectoryLocked);
    CHECK(second.error().detail.find("held by process " + std::to_string(::getpid())) != std::string::npos);
    CHECK(second.error().detail.find('\n') == std::string::npos);
    stage.stop();
    CHECK(Service::start({stage.data, stage.key_file, 1}, stage.clock, stage.log));
}

TEST_CASE("the operator's process works beside a running server [R18]") {
    Stage stage;
    auto administration = stage.administration();
    const auto key = administration->create_app_key("default", "second");
    REQUIRE(key);
    CHECK(stage.service->authenticate_app(key->token.text())->key_id == key->info.id);
    CHECK(administration->list_app_keys("")->size() == 2);
    CHECK(administration->create_realm("Bad Name").error().code == ServerErrorCode::RealmInvalid);
    CHECK(administration->create_realm("default").error().code == ServerErrorCode::RealmExists);
    CHECK(administration->create_app_key("none", "x").error().code == ServerErrorCode::RealmUnknown);
    CHECK(administration->create_app_key("default", "").error().code == ServerErrorCode::AppKeyInvalid);
    CHECK(administration->list_realms().value() == std::vector<std::string>{"default"});
}

TEST_CASE("network file systems are known by their type and refused [R18]") {
    for (const long type : {0x6969L, 0x517BL, 0xFF534D42L, 0xFE534D42L, 0x01021997L, 0x00C36400L, 0x65735546L, 0x01161970L, 0x19830326L,
                            0x786F4256L}) {
        CHECK(is_network_file_system(type));
    }
    CHECK(is_network_file_system(static_cast<long>(static_cast<int>(0xFF534D42))));  // sign-extended
    for (const long type : {0xEF53L, 0x58465342L, 0x9123683EL, 0x01021994L, 0x794C7630L}) {
        CHECK_FALSE(is_network_file_system(type));
    }
}

TEST_CASE("a data directory that is missing, a file or another program's is refused [R18]") {
    const TemporaryDirectory directory;
    CHECK(open_operator_store(directory.file("none"), false).error().code == ServerErrorCode::DataDirectoryUnusable);
    std::ofstream(directory.file("file")) << "x";
    CHECK(open_store(directory.file("file")).error().code == ServerErrorCode::DataDirectoryUnusable);
    CHECK(open_operator_store(directory.path(), false).error().code == ServerErrorCode::DataDirectoryUnusable);
    fs::create_directory(directory.file("other"));
    SQLite::Database(directory.file("other/countersign.sqlite"), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE theirs (x)");
    CHECK(open_store(directory.file("other")).error().code == ServerErrorCode::DataDirectoryUnusable);
    fs::create_directory(directory.file("rubbish"));
    std::ofstream(directory.file("rubbish/countersign.sqlite")) << std::string(8192, 'x');
    CHECK(open_store(directory.file("rubbish")).error().code == ServerErrorCode::DataStoreFailed);
}

TEST_CASE("work on a store that a restore has put aside is not told as done [R18]") {
    const TemporaryDirectory directory;
    const auto store = open_operator_store(directory.path(), true).value();
    REQUIRE(store->create_realm("before", UnixSeconds{1}));
    for (const std::string tail : {"", "-wal", "-shm"}) {
        fs::rename(directory.file("countersign.sqlite").append(tail), directory.file("aside").append(tail));
    }
    REQUIRE(open_operator_store(directory.path(), true));
    const auto done = store->create_realm("lost", UnixSeconds{1});
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ServerErrorCode::DataStoreFailed);
    CHECK(done.error().detail.find("put this store aside") != std::string::npos);
}

TEST_CASE("a store of a newer version is refused and left as it is [R17]") {
    Stage stage;
    stage.stop();
    stage.change("PRAGMA user_version = 99");
    CHECK(code_of(Service::start({stage.data, stage.key_file, 1}, stage.clock, stage.log)) ==
          ServerErrorCode::DataVersionNewer);
    CHECK(stage.number("PRAGMA user_version") == 99);
}

TEST_CASE("the floor refuses steps, sessions and enrollments from before it [R17]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    const SessionCaller session = stage.open_session("bob");
    const Begun pending = stage.begin(session).value();
    stage.clock->pass(60);
    stage.change("UPDATE state SET epoch = epoch + 1, floor_time = " + std::to_string(stage.clock->wall().value + 30));
    CHECK_FALSE(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
    CHECK_FALSE(stage.verify("ann", stage.code(enrolled.seed, 1)).value().ok);
    CHECK_FALSE(stage.confirm(session, pending.pending_id, stage.code(seed_of(pending))));
    const auto old = await<OpenedSession>([&](Reply<OpenedSession> reply) {
        stage.service->open_session(stage.caller, {"ann", "manage", "a", "b"}, std::move(reply));
    });
    CHECK_FALSE(stage.service->authenticate_session(old->token.text()));
    stage.clock->pass(60);
    CHECK(stage.verify("ann", stage.code(enrolled.seed)).value().ok);
}

TEST_CASE("what was accepted stays spent after the server starts again [R8] [L18]") {
    Stage stage;
    const Enrolled enrolled = stage.enroll("ann");
    stage.clock->pass(90);
    const std::string code = stage.code(enrolled.seed);
    REQUIRE(stage.verify("ann", code).value().ok);
    stage.stop();
    stage.start();
    CHECK_FALSE(stage.verify("ann", code).value().ok);
}

TEST_CASE("expired sessions, enrollments and unknown users are swept when a server starts [R14]") {
    Stage stage;
    static_cast<void>(stage.begin(stage.open_session("ann")));
    static_cast<void>(stage.verify("nobody", "123456"));
    stage.stop();
    stage.clock->pass(2592000);
    stage.start();
    stage.stop();
    CHECK(stage.number("SELECT count(*) FROM session") == 0);
    CHECK(stage.number("SELECT count(*) FROM credential") == 0);
    CHECK(stage.number("SELECT count(*) FROM unknown_user") == 0);
}

TEST_CASE("sessions of one user do not pile up: the seventeenth ends the oldest [R10]") {
    Stage stage;
    const auto open = [&] {
        return await<OpenedSession>([&](Reply<OpenedSession> reply) {
            stage.service->open_session(stage.caller, {"ann", "manage", "a", "b"}, std::move(reply));
        }).value();
    };
    const SessionCaller other = stage.open_session("bob");
    const OpenedSession first = open();
    stage.clock->pass(1);
    const OpenedSession second = open();
    stage.clock->pass(1);
    for (int i = 0; i < 14; ++i) static_cast<void>(open());
    CHECK(stage.service->authenticate_session(first.token.text()));
    const OpenedSession last = open();
    CHECK_FALSE(stage.service->authenticate_session(first.token.text()));
    CHECK(stage.service->authenticate_session(second.token.text()));
    CHECK(stage.service->authenticate_session(last.token.text()));
    CHECK(stage.number("SELECT count(*) FROM session WHERE user = 'ann'") == 16);
    CHECK(stage.begin(other));
}

TEST_CASE("a sweep says when it left expired rows behind [R14]") {
    Stage stage;
    stage.stop();
    stage.change("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450) "
                 "INSERT INTO unknown_user SELECT 'default', 'u' || i, 'totp', 'active', 1, 0, 0, 1, 10 FROM n");
    Database database(stage.database(), Role::Writer);
    CHECK(sweep_expired(database, UnixSeconds{10}));
    CHECK(sweep_expired(database, UnixSeconds{10}));
    CHECK_FALSE(sweep_expired(database, UnixSeconds{10}));
    CHECK(stage.number("SELECT count(*) FROM unknown_user") == 0);
}

TEST_CASE("a master key is 32 bytes, private, outside the data directory, and never overwritten [R20]") {
    const TemporaryDirectory directory;
    const std::string file = directory.file("key");
    const std::string data = directory.file("data");
    fs::create_directory(data);
    REQUIRE(write_master_key(file));
    CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    const std::string first(read_master_key(file, data)->text());
    CHECK(write_master_key(file).error().code == ServerErrorCode::MasterKeyUnusable);
    CHECK(read_master_key(file, data)->text() == first);

    const auto unusable = [&](const std::string& path, const std::string& beside) {
        const auto read = read_master_key(path, beside);
        return !read && read.error().code == ServerErrorCode::MasterKeyUnusable &&
               read.error().detail.find(path) == 0;
    };
    CHECK(unusable(directory.file("none"), data));
    CHECK(unusable(data, data));
    fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
    CHECK(unusable(file, data));
    fs::permissions(file, fs::perms::owner_read);
    CHECK(read_master_key(file, data));

    REQUIRE(write_master_key(data + "/inside"));
    CHECK(unusable(data + "/inside", data));
    CHECK(unusable(data + "/inside", data + "/"));
    fs::create_symlink(data + "/inside", directory.file("link"));
    CHECK(unusable(directory.file("link"), data));
    fs::create_directory_symlink(data, directory.file("way"));
    CHECK(unusable(data + "/inside", directory.file("way")));
    CHECK_FALSE(unusable(file, data + "2"));
    fs::create_hard_link(file, data + "/second-name");
    CHECK(unusable(file, data));
    fs::remove(data + "/second-name");
    CHECK(read_master_key(file, data));

    for (const std::size_t size : {0U, 31U, 33U}) {
        const std::string odd = directory.file("size" + std::to_string(size));
        std::ofstream(odd) << std::string(size, 'k');
        fs::permissions(odd, fs::perms::owner_read | fs::perms::owner_write);
        CHECK(unusable(odd, data));
    }
}

TEST_CASE("a store opens with the master key it was made with and no other [R20]") {
    Stage stage;
    stage.stop();
    REQUIRE(write_master_key(stage.directory.file("other.key")));
    CHECK(code_of(Service::start({stage.data, stage.directory.file("other.key"), 1}, stage.clock, stage.log)) ==
          ServerErrorCode::MasterKeyMismatch);
    const auto operated = Administration::open(stage.data, stage.directory.file("other.key"), false, stage.clock);
    CHECK(operated.error().code == ServerErrorCode::MasterKeyMismatch);
}

TEST_CASE("every server error has a stable name of its own and a sentence [L35]") {
    std::set<std::string_view> names;
    for (int i = 0; i < kServerErrorCodeCount; ++i) {
        const auto code = static_cast<ServerErrorCode>(i);
        CHECK(names.insert(server_error_name(code)).second);
        CHECK(server_error_sentence(code).ends_with("."));
    }
}
