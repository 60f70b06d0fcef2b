// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <utility>

#include "app/backup.h"
#include "app/refusal.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/directory.h"
#include "store/durable_file.h"
#include "store/schema.h"

// Epoch and floor are raised in a file that no server can open, which then takes the store's place in one step (R17).

namespace countersign::server {
namespace {

const std::string kNobody;  // the event concerns no user

/// How far ahead of the server's clock a policy lets an authenticator be: a step that was used may lie after the floor.
constexpr std::int64_t kMostFutureSteps = 1;

tl::unexpected<ServerError> unusable(const std::string& path, const std::string& why) {
    return refuse(ServerErrorCode::BackupUnusable, path + ": " + why);
}

/// That it is whole and what `backup` makes. Asked before anything is written to it.
Answer<void> check_backup(const std::string& copy, const std::string& file) {
    SQLite::Database database(copy, SQLite::OPEN_READONLY);
    database.exec("PRAGMA trusted_schema=OFF");
    if (auto ours = check_owner(database); !ours) {
        if (ours.error().code == ServerErrorCode::DataVersionNewer) return ours;
        return unusable(file, "is no backup of a store: " + ours.error().detail);
    }
    if (database.execAndGet("PRAGMA quick_check(1)").getString() != "ok") return unusable(file, "is damaged");
    if (!is_backup(database)) return unusable(file, "was not made by countersign backup");
    return {};
}

std::int64_t count(Database& database, Sql sql) { return database.connection().execAndGet(sql.text()).getInt64(); }

/// The same bound as of a running server (R16): behind by more, the clock is wrong, and so would be the floor.
constexpr std::int64_t kAllowedBehindSeconds = 30;

/// The latest time that either store has decided with: a clock that was set back must not lower the floor.
Answer<UnixSeconds> floor_of(const StoreState& state, const StoreState& standing, UnixSeconds now) {
    const std::int64_t latest = std::max({state.high_water.value, state.floor_time.value, standing.high_water.value,
                                          standing.floor_time.value});
    if (latest > now.value + kAllowedBehindSeconds) {
        return refuse(ServerErrorCode::ClockUnreliable,
                      "the clock is " + std::to_string(latest - now.value) + " s behind what the store has seen");
    }
    return UnixSeconds{std::max(latest, now.value)};
}

/// Into a file that is there and private already; a copy by file system would bring the other's mode along.
bool copy_bytes(const std::string& from, const std::string& to) {
    std::ifstream source(from, std::ios::binary);
    std::ofstream copy(to, std::ios::binary | std::ios::trunc);
    copy << source.rdbuf();  // fails on an empty file, which is no backup
    copy.close();
    return source.good() && copy.good();
}

void raise_floor(Database& database, std::int64_t epoch, UnixSeconds floor) {
    Query(database.prepared("UPDATE state SET epoch = :epoch, floor_time = :floor, high_water = max(high_water, :floor)"))
        .bind(":epoch", epoch)
        .bind(":floor", floor.value)
        .run();
    // One whose clock runs ahead may have used the step after the floor's.
    Query(database.prepared("UPDATE credential SET last_step = max(last_step, :floor / period + :ahead) "
                            "WHERE method = 'totp'"))
        .bind(":floor", floor.value)
        .bind(":ahead", kMostFutureSteps)
        .run();
    Query(database.prepared("UPDATE audit_chain SET sealer = '', leased_until = 0")).run();
}

std::int64_t keep_codes(Database& database, UnixSeconds floor) {
    Query(database.prepared("UPDATE security_code SET issued_at = :after WHERE kind = 'static_codes' AND used_at IS NULL"))
        .bind(":after", floor.value + 1)
        .run();
    return database.connection().getChanges();
}

/// What was begun before cannot be ended after. @return mails that were waiting
std::int64_t drop_open_business(Database& database) {
    const std::int64_t mails = count(database, "SELECT count(*) FROM outbox WHERE state = 'waiting'");
    database.execute("DELETE FROM outbox WHERE state = 'waiting'");  // sent long ago, or with a code that is void now
    database.execute("DELETE FROM session");
    database.execute("DELETE FROM mail_code");
    database.execute("DROP TABLE IF EXISTS backup_mark");
    return mails;
}

void record_restore(Database& database, const Restoration::Terms& terms, const Restoration::Outcome& outcome) {
    const StoreMark mark = read_mark(database);
    std::string detail = "epoch=" + std::to_string(mark.epoch);
    detail.append(" commits=").append(std::to_string(mark.commits));
    if (terms.keep_codes) detail.append(" codes_kept=").append(std::to_string(outcome.codes_kept));
    record_event(database, outcome.floor, {kNobody, kNobody, "store.restored", "", "", detail});
}

class SqliteRestoration final : public Restoration {
  public:
    /// @param unfinished  the copy of a backup; nothing: the store in its place
    SqliteRestoration(std::unique_ptr<DirectoryLock> lock, std::string place, std::optional<UnfinishedFile> unfinished)
        : lock_(std::move(lock)),
          place_(std::move(place)),
          unfinished_(std::move(unfinished)),
          database_(std::make_unique<Database>(unfinished_ ? unfinished_->path() : place_, Role::Writer)) {}
    ~SqliteRestoration() override { database_.reset(); }  // before its file goes

    Answer<void> migrate_copy() { return migrate(*database_); }

    Answer<StoreMark> mark() override {
        try {
            return read_mark(*database_);
        } catch (const std::exception& error) {
            return refuse(ServerErrorCode::DataStoreFailed, error.what());
        }
    }

    Answer<bool> match_key(const Digest& key_check) override {
        try {
            return match_key_check(*database_, key_check);
        } catch (const std::exception& error) {
            return refuse(ServerErrorCode::DataStoreFailed, error.what());
        }
    }

    Answer<Outcome> finish(const Terms& terms) override {
        try {
            auto outcome = raise(terms);
            if (!outcome || !unfinished_) return outcome;
            database_.reset();  // its log goes into the file, and away
            if (auto placed = take_place(terms.now, *outcome); !placed) return tl::unexpected(std::move(placed.error()));
            return outcome;
        } catch (const std::exception& error) {
            return refuse(ServerErrorCode::DataStoreFailed, error.what());
        }
    }

  private:
    Answer<Outcome> raise(const Terms& terms) {
        const StoreState standing = unfinished_ ? state_of_standing() : StoreState{};
        WriteTransaction transaction(*database_);
        const StoreState state = read_state(*database_);
        const auto floor = floor_of(state, standing, terms.now);
        if (!floor) return tl::unexpected(floor.error());
        Outcome outcome;
        outcome.floor = *floor;
        const std::int64_t epoch = std::max({state.epoch, standing.epoch, terms.epoch_before}) + 1;
        raise_floor(*database_, epoch, *floor);
        if (terms.keep_codes) outcome.codes_kept = keep_codes(*database_, *floor);
        outcome.mails_dropped = drop_open_business(*database_);
        record_restore(*database_, terms, outcome);
        transaction.commit();
        outcome.mark = read_mark(*database_);
        return outcome;
    }

    /// As far as it can still be read: a store that is broken is why one restores.
    [[nodiscard]] StoreState state_of_standing() const {
        struct stat about {};
        if (::stat(place_.c_str(), &about) != 0) return {};
        try {
            Database standing(place_, Role::Writer);  // closing it ends its log
            return read_state(standing);
        } catch (const std::exception&) {
            return {};
        }
    }

    Answer<void> take_place(UnixSeconds now, Outcome& outcome) {
        struct stat about {};
        const bool replaces = ::lstat(place_.c_str(), &about) == 0;
        const std::string aside = place_ + ".replaced-" + std::to_string(now.value);
        for (const char* const tail : {"-wal", "-shm"}) {  // of one that could not be closed: never beside the new one
            if (::rename((place_ + tail).c_str(), (aside + tail).c_str()) != 0 && errno != ENOENT) {
                return unusable(place_ + tail, "cannot be put aside");
            }
        }
        if (!replaces) return unfinished_->finish();
        auto kept = unfinished_->exchange(aside);
        if (!kept) return tl::unexpected(std::move(kept.error()));
        outcome.kept_aside = std::move(*kept);
        return {};
    }

    std::unique_ptr<DirectoryLock> lock_;  // first in, last out
    std::string place_;
    std::optional<UnfinishedFile> unfinished_;
    std::unique_ptr<Database> database_;
};

Answer<std::unique_ptr<DirectoryLock>> lock_directory(const std::string& directory, bool create) {
    if (auto usable = prepare_directory(directory, create); !usable) return tl::unexpected(std::move(usable.error()));
    return DirectoryLock::take(directory);
}

}  // namespace

Answer<std::unique_ptr<Restoration>> Restoration::from_backup(const std::string& file, const std::string& data_directory,
                                                              bool replace) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return unusable(file, "is no file that can be read");
    auto lock = lock_directory(data_directory, true);
    if (!lock) return tl::unexpected(std::move(lock.error()));
    const std::string place = database_file(data_directory);
    if (!replace && ::lstat(place.c_str(), &about) == 0) return refuse(ServerErrorCode::DataStoreExists, data_directory);
    try {
        UnfinishedFile::remove_leftovers(place);
        auto unfinished = UnfinishedFile::beside(place);
        if (!unfinished) return tl::unexpected(std::move(unfinished.error()));
        if (!copy_bytes(file, unfinished->path())) return unusable(file, "cannot be copied");
        if (auto sound = check_backup(unfinished->path(), file); !sound) return tl::unexpected(std::move(sound.error()));
        auto restoration = std::make_unique<SqliteRestoration>(std::move(*lock), place, std::move(*unfinished));
        if (auto migrated = restoration->migrate_copy(); !migrated) return tl::unexpected(std::move(migrated.error()));
        return restoration;
    } catch (const std::exception& error) {
        return unusable(file, error.what());
    }
}

Answer<std::unique_ptr<Restoration>> Restoration::in_place(const std::string& data_directory) {
    auto lock = lock_directory(data_directory, false);
    if (!lock) return tl::unexpected(std::move(lock.error()));
    const std::string place = database_file(data_directory);
    struct stat about {};
    if (::stat(place.c_str(), &about) != 0) {
        return refuse(ServerErrorCode::DataDirectoryUnusable, data_directory + ": holds no store");
    }
    try {
        make_private_file(place);
        auto restoration = std::make_unique<SqliteRestoration>(std::move(*lock), place, std::nullopt);
        if (auto migrated = restoration->migrate_copy(); !migrated) return tl::unexpected(std::move(migrated.error()));
        return restoration;
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, error.what());
    }
}

}  // namespace countersign::server
