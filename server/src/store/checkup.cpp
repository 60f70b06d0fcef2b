// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstring>
#include <filesystem>

#include "app/refusal.h"
#include "app/store_checkup.h"
#include "store/backup.h"
#include "store/directory.h"
#include "store/migrations.h"
#include "store/schema.h"
#include "store/sql.h"

namespace countersign::server {
namespace {

constexpr int kBusyMilliseconds = 10'000;

SQLite::Column read_one(SQLite::Database& database, Sql sql) { return database.execAndGet(sql.text()); }

std::optional<Digest> read_key_check(SQLite::Database& database) {
    const SQLite::Column stored = read_one(database, "SELECT key_check FROM state");
    Digest digest{};
    if (stored.isNull() || stored.getBytes() != static_cast<int>(digest.size())) return std::nullopt;
    std::memcpy(digest.data(), stored.getBlob(), digest.size());
    return digest;
}

Answer<std::optional<StoreCheckup>> check_file(const std::string& file) {
    SQLite::Database database(file, SQLite::OPEN_READONLY, kBusyMilliseconds);
    database.exec("PRAGMA trusted_schema=OFF");
    if (auto ours = check_owner(database); !ours) return tl::unexpected(ours.error());
    StoreCheckup found;
    found.schema = read_one(database, "PRAGMA user_version").getInt64();
    found.newest_schema = static_cast<std::int64_t>(sqlite_migrations().size());
    const std::string verdict = read_one(database, "PRAGMA quick_check(1)").getString();
    if (verdict != "ok") found.complaint = verdict;
    found.is_backup = is_backup(database);
    found.high_water = UnixSeconds{read_one(database, "SELECT high_water FROM state").getInt64()};
    found.floor = UnixSeconds{read_one(database, "SELECT floor_time FROM state").getInt64()};
    found.key_check = read_key_check(database);
    found.last_backup = find_last_backup(database);
    return found;
}

}  // namespace

Answer<std::optional<StoreCheckup>> check_store(const std::string& data_directory) {
    const std::string file = database_file(data_directory);
    std::error_code unseen;
    if (!std::filesystem::exists(file, unseen)) return std::nullopt;
    if (auto usable = prepare_directory(data_directory, false); !usable) return tl::unexpected(std::move(usable.error()));
    try {
        return check_file(file);
    } catch (const SQLite::Exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, file + ": " + error.what());
    }
}

}  // namespace countersign::server
