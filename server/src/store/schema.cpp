// SPDX-License-Identifier: Apache-2.0
#include "store/schema.h"

#include <string>

#include "app/refusal.h"
#include "countersign/secret.h"
#include "store/backup.h"
#include "store/foreign_schema.h"
#include "store/migrations.h"

namespace countersign::server {
namespace {

constexpr std::int64_t kApplicationId = 0x43534753;  // "CSGS": whose file this is

std::int64_t pragma(SQLite::Database& database, Sql sql) { return database.execAndGet(sql.text()).getInt64(); }
std::int64_t pragma(Database& database, Sql sql) { return pragma(database.connection(), sql); }

}  // namespace

Answer<void> check_owner(SQLite::Database& database) {
    const auto newest = static_cast<std::int64_t>(sqlite_migrations().size());
    if (pragma(database, "PRAGMA application_id") != kApplicationId) {
        return refuse(ServerErrorCode::DataDirectoryUnusable, "its database belongs to another program");
    }
    const std::int64_t version = pragma(database, "PRAGMA user_version");
    if (version <= newest) return refuse_foreign_schema(database);
    return refuse(ServerErrorCode::DataVersionNewer,
                  "schema " + std::to_string(version) + ", this version knows " + std::to_string(newest));
}

Answer<void> migrate(Database& database) {
    const auto all = sqlite_migrations();
    const auto newest = static_cast<std::int64_t>(all.size());
    if (pragma(database, "PRAGMA user_version") == newest &&
        pragma(database, "PRAGMA application_id") == kApplicationId) {
        return refuse_foreign_schema(database.connection());
    }
    WriteTransaction transaction(database);  // two processes may start at once: look again inside
    const std::int64_t version = pragma(database, "PRAGMA user_version");
    const std::int64_t owner = pragma(database, "PRAGMA application_id");
    const bool fresh = owner == 0 && version == 0 && pragma(database, "SELECT count(*) FROM sqlite_schema") == 0;
    if (!fresh && owner != kApplicationId) {
        return refuse(ServerErrorCode::DataDirectoryUnusable, "its database belongs to another program");
    }
    if (version > newest) {
        return refuse(ServerErrorCode::DataVersionNewer,
                      "schema " + std::to_string(version) + ", this version knows " + std::to_string(newest));
    }
    if (auto ours = refuse_foreign_schema(database.connection()); !ours) return ours;
    for (std::int64_t i = version; i < newest; ++i) database.execute(all[static_cast<std::size_t>(i)]);
    // A pragma takes no bound values; both are numbers of ours.
    database.connection().exec("PRAGMA user_version=" + std::to_string(newest));
    database.connection().exec("PRAGMA application_id=" + std::to_string(kApplicationId));
    transaction.commit();
    return {};
}

Answer<void> refuse_older(Database& database) {
    const auto newest = static_cast<std::int64_t>(sqlite_migrations().size());
    const std::int64_t version = pragma(database, "PRAGMA user_version");
    if (version >= newest || pragma(database, "PRAGMA application_id") != kApplicationId) return {};
    return refuse(ServerErrorCode::DataDirectoryUnusable,
                  "its store is of schema " + std::to_string(version) + ", and this version works on " + std::to_string(newest) +
                      ": make a backup, then start the server, which brings it there");
}

StoreState read_state(Database& database) {
    Query query(database.prepared("SELECT epoch, floor_time, high_water, clock_confirms FROM state"));
    if (!query.step()) throw SQLite::Exception("the state row is missing");
    return {query.integer(0), UnixSeconds{query.integer(1)}, UnixSeconds{query.integer(2)}, query.integer(3)};
}

StoreMark read_mark(Database& database) {
    Query query(database.prepared("SELECT store_id, epoch, commits, high_water FROM state"));
    if (!query.step()) throw SQLite::Exception("the state row is missing");
    return {query.text(0), query.integer(1), query.integer(2), UnixSeconds{query.integer(3)},
            pragma(database, "PRAGMA user_version"), is_backup(database.connection())};
}

bool match_key_check(Database& database, const Digest& key_check) {
    WriteTransaction transaction(database);
    Query(database.prepared("UPDATE state SET key_check = :check WHERE key_check IS NULL"))
        .bind(":check", std::span<const std::uint8_t>(key_check))
        .run();
    Digest stored{};
    {
        Query query(database.prepared("SELECT key_check FROM state"));
        if (query.step()) stored = query.digest(0);
    }
    transaction.commit();
    return equal_constant_time(stored, key_check);
}

}  // namespace countersign::server
