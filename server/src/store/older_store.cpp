// SPDX-License-Identifier: Apache-2.0
#include "app/older_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <span>

#include "app/refusal.h"
#include "store/backup.h"
#include "store/database.h"
#include "store/directory.h"
#include "store/migrations.h"
#include "store/schema.h"
#include "store/sql.h"

namespace countersign::server {
namespace {

constexpr int kBusyMilliseconds = 10'000;

SQLite::Column read_one(SQLite::Database& database, Sql sql) { return database.execAndGet(sql.text()); }

/// As migration 006 makes it.
std::string read_id(SQLite::Database& database, std::int64_t schema) {
    if (schema >= kSchemaWithKeys) return read_one(database, "SELECT store_id FROM state").getString();
    return read_one(database, "SELECT coalesce((SELECT lower(hex(substr(app_key, -16))) FROM app_key "
                              "ORDER BY created_at, app_key LIMIT 1), '')").getString();
}

Answer<std::optional<OlderStore>> read_older(const std::string& file) {
    SQLite::Database database(file, SQLite::OPEN_READONLY, kBusyMilliseconds);
    database.exec("PRAGMA trusted_schema=OFF");
    const std::int64_t schema = read_one(database, "PRAGMA user_version").getInt64();
    if (schema == 0 || schema == static_cast<std::int64_t>(sqlite_migrations().size())) return std::nullopt;
    if (auto ours = check_owner(database); !ours) return tl::unexpected(ours.error());
    OlderStore found;
    found.mark = {read_id(database, schema), read_one(database, "SELECT epoch FROM state").getInt64(),
                  read_one(database, "SELECT commits FROM state").getInt64(),
                  UnixSeconds{read_one(database, "SELECT high_water FROM state").getInt64()}, schema, is_backup(database)};
    const SQLite::Column check = read_one(database, "SELECT key_check FROM state");
    if (check.isNull()) return found;
    found.key_check.emplace();
    const std::span bytes(static_cast<const std::uint8_t*>(check.getBlob()), static_cast<std::size_t>(check.getBytes()));
    if (bytes.size() == found.key_check->size()) std::ranges::copy(bytes, found.key_check->begin());
    return found;
}

}  // namespace

Answer<std::optional<OlderStore>> find_older_store(const std::string& data_directory) {
    const std::string file = database_file(data_directory);
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0 || about.st_size == 0) return std::nullopt;  // opening it says why
    if (auto usable = prepare_directory(data_directory, false); !usable) return tl::unexpected(std::move(usable.error()));
    leave_memory_uncounted();
    try {
        make_private_file(file);
        return read_older(file);
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, file + ": " + error.what());
    }
}

Answer<void> migrate_older_store(const std::string& data_directory) {
    auto lock = DirectoryLock::take(data_directory);  // a server of the older version would not know what became of it
    if (!lock) return tl::unexpected(std::move(lock.error()));
    const std::string file = database_file(data_directory);
    try {
        Database database(file, Role::Writer);
        return migrate(database);
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, file + ": " + error.what());
    }
}

}  // namespace countersign::server
