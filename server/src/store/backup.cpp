// SPDX-License-Identifier: Apache-2.0
#include "store/backup.h"

#include <SQLiteCpp/Backup.h>
#include <sys/stat.h>

#include <exception>
#include <filesystem>

#include "app/refusal.h"
#include "store/audit.h"
#include "store/directory.h"
#include "store/durable_file.h"
#include "store/foreign_schema.h"
#include "store/migrations.h"
#include "store/schema.h"

// In one step of SQLite's backup API: a copy in several would begin anew with each commit of the server's. Readers hold
// up nobody; the log of the live store grows until the copy is made.

namespace countersign::server {
namespace {

constexpr int kBusyMilliseconds = 10'000;
constexpr int kShortWaitMilliseconds = 500;  // somebody scrapes
const std::string kNobody;  // the event concerns no user

tl::unexpected<ServerError> unusable(const std::string& path, const std::string& why) {
    return refuse(ServerErrorCode::BackupUnusable, path + ": " + why);
}

void copy_store(SQLite::Database& from, const std::string& file) {
    SQLite::Database to(file, SQLite::OPEN_READWRITE);
    SQLite::Backup backup(to, from);
    backup.executeStep(-1);
    if (backup.getRemainingPageCount() != 0) throw SQLite::Exception("the store was busy for too long; try again");
}

/// Read from the copy: the live store has gone on since.
BackupManifest read_manifest(SQLite::Database& copy) {
    BackupManifest manifest;
    manifest.schema = copy.execAndGet("PRAGMA user_version").getInt64();
    SQLite::Statement state(copy, "SELECT epoch, commits FROM state");
    if (!state.executeStep()) throw SQLite::Exception("the state row is missing");
    manifest.epoch = state.getColumn(0).getInt64();
    manifest.commits = state.getColumn(1).getInt64();
    if (manifest.schema < kSchemaWithKeys) return manifest;
    manifest.store_id = copy.execAndGet("SELECT store_id FROM state").getString();
    manifest.key_id = copy.execAndGet("SELECT coalesce(max(key_id), '') FROM master_key WHERE status = 'current'").getString();
    return manifest;
}

/// Makes a plain file of the copy, which says what it is, and looks at every page of it.
Answer<BackupManifest> finish_copy(const std::string& file, UnixSeconds now) {
    SQLite::Database copy(file, SQLite::OPEN_READWRITE);
    copy.exec("PRAGMA trusted_schema=OFF");
    if (copy.execAndGet("PRAGMA journal_mode=DELETE").getString() != "delete") {
        return unusable(file, "could not be made a file of its own");
    }
    BackupManifest manifest = read_manifest(copy);
    manifest.made_at = now;
    copy.exec(kBackupMarkTable);
    SQLite::Statement mark(copy, "INSERT INTO backup_mark VALUES (:made_at, :schema, :epoch, :commits, :key_id)");
    mark.bind(":made_at", now.value);
    mark.bind(":schema", manifest.schema);
    mark.bind(":epoch", manifest.epoch);
    mark.bind(":commits", manifest.commits);
    mark.bind(":key_id", manifest.key_id);
    mark.exec();
    if (copy.execAndGet("PRAGMA quick_check(1)").getString() != "ok") return unusable(file, "the copy is damaged");
    return manifest;
}

Answer<BackupManifest> make_copy(SQLite::Database& live, const std::string& out, UnixSeconds now) {
    UnfinishedFile::remove_leftovers(out);
    auto unfinished = UnfinishedFile::beside(out);
    if (!unfinished) return tl::unexpected(std::move(unfinished.error()));
    copy_store(live, unfinished->path());
    auto manifest = finish_copy(unfinished->path(), now);
    if (!manifest) return manifest;
    if (auto placed = unfinished->finish(); !placed) return tl::unexpected(std::move(placed.error()));
    manifest->bytes = static_cast<std::int64_t>(std::filesystem::file_size(out));
    return manifest;
}

/// Whoever takes all that is sealed with him is named in the log; a store of an older version is left as it is.
void record_backup(const std::string& file, const BackupManifest& manifest) {
    if (manifest.schema != static_cast<std::int64_t>(sqlite_migrations().size())) return;
    Database live(file, Role::Writer);
    WriteTransaction transaction(live);
    std::string detail = "epoch=" + std::to_string(manifest.epoch);
    detail.append(" commits=").append(std::to_string(manifest.commits));
    record_event(live, manifest.made_at, {kNobody, kNobody, "store.backed_up", "", "", detail});
    transaction.commit();
}

}  // namespace

Answer<BackupManifest> write_backup(const std::string& data_directory, const std::string& out, UnixSeconds now) {
    if (auto usable = prepare_directory(data_directory, false); !usable) return tl::unexpected(std::move(usable.error()));
    const std::string file = database_file(data_directory);
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) {
        return refuse(ServerErrorCode::DataDirectoryUnusable, data_directory + ": holds no store");
    }
    if (::lstat(out.c_str(), &about) == 0) return unusable(out, "exists already, and a backup is never overwritten");
    try {
        SQLite::Database live(file, SQLite::OPEN_READWRITE, kBusyMilliseconds);
        live.exec("PRAGMA trusted_schema=OFF");
        if (auto ours = check_owner(live); !ours) return tl::unexpected(std::move(ours.error()));
        auto manifest = make_copy(live, out, now);
        if (manifest) record_backup(file, *manifest);
        return manifest;
    } catch (const std::exception& error) {
        return unusable(out, error.what());
    }
}

std::optional<UnixSeconds> find_last_backup(SQLite::Database& database) {
    // In the order of the table's key: of what concerns no realm and no user there is little.
    SQLite::Statement newest(database, "SELECT at FROM audit WHERE realm = '' AND user = '' AND event = 'store.backed_up' "
                                       "ORDER BY at DESC LIMIT 1");
    if (!newest.executeStep()) return std::nullopt;
    return UnixSeconds{newest.getColumn(0).getInt64()};
}

Answer<std::optional<UnixSeconds>> read_last_backup(const std::string& data_directory) {
    try {
        SQLite::Database database(database_file(data_directory), SQLite::OPEN_READONLY, kShortWaitMilliseconds);
        database.exec("PRAGMA trusted_schema=OFF");
        return find_last_backup(database);
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, error.what());
    }
}

bool is_backup(SQLite::Database& database) {
    return database.execAndGet("SELECT count(*) FROM sqlite_schema WHERE name = 'backup_mark'").getInt64() != 0;
}

}  // namespace countersign::server
