// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "app/key_store.h"
#include "app/refusal.h"
#include "store/audit.h"
#include "store/directory.h"
#include "store/operator_database.h"
#include "store/rewrap.h"
#include "store/schema.h"

namespace countersign::server {
namespace {

const std::string kNobody;  // events that concern no user

std::vector<KeptKey> read_kept(Database& database) {
    Query query(database.prepared("SELECT name, sealed FROM kept_key ORDER BY name"));
    std::vector<KeptKey> kept;
    while (query.step()) kept.push_back({query.text(0), query.blob(1)});
    return kept;
}

void read_key_ids(Database& database, KeyRing& ring) {
    Query query(database.prepared("SELECT key_id, status FROM master_key ORDER BY since, key_id"));
    while (query.step()) {
        const std::string status = query.text(1);
        if (status == "current") ring.current = query.text(0);
        else if (status == "previous") ring.previous = query.text(0);
        else ring.retired.push_back(query.text(0));
    }
}

std::optional<Digest> read_check(Database& database) {
    Query query(database.prepared("SELECT key_check FROM state WHERE key_check IS NOT NULL"));
    if (!query.step()) return std::nullopt;
    return query.digest(0);
}

KeyRing read_ring(Database& database) {
    KeyRing ring;
    ring.check = read_check(database);
    read_key_ids(database, ring);
    ring.kept = read_kept(database);
    ring.audit_size = database.connection().execAndGet("SELECT size FROM audit_chain").getInt64();
    ring.mark = read_mark(database);
    return ring;
}

void name_key(Database& database, const std::string& key_id, std::string_view status, UnixSeconds now) {
    Query(database.prepared("INSERT INTO master_key (key_id, status, since) VALUES (:id, :status, :now) "
                            "ON CONFLICT (key_id) DO UPDATE SET status = excluded.status, since = excluded.since"))
        .bind(":id", key_id)
        .bind(":status", status)
        .bind(":now", now.value)
        .run();
}

bool is_current(const KeyRing& ring, const Digest& check) { return ring.check && equal_constant_time(*ring.check, check); }

bool introduce_key(Database& database, const KeyIntroduction& introduction) {
    const KeyRing ring = read_ring(database);
    if (!is_current(ring, introduction.check_before) || !ring.previous.empty()) return false;
    Query(database.prepared("UPDATE state SET key_check = :check"))
        .bind(":check", std::span<const std::uint8_t>(introduction.check))
        .run();
    name_key(database, introduction.previous, "previous", introduction.now);
    name_key(database, introduction.current, "current", introduction.now);
    database.execute("DELETE FROM kept_key");
    for (const KeptKey& kept : introduction.kept) {
        Query(database.prepared("INSERT INTO kept_key (name, key_id, sealed) VALUES (:name, :id, :sealed)"))
            .bind(":name", kept.name)
            .bind(":id", introduction.current)
            .bind(":sealed", std::span<const std::uint8_t>(kept.sealed))
            .run();
    }
    record_event(database, introduction.now,
                 {kNobody, kNobody, "keys.rotation_begun", "", "",
                  "from=" + introduction.previous + " to=" + introduction.current});
    return true;
}

bool retire_key(Database& database, const std::string& previous, UnixSeconds now) {
    const bool ended = Query(database.prepared("UPDATE master_key SET status = 'retired', since = :now "
                                               "WHERE key_id = :id AND status = 'previous' RETURNING 1"))
                           .bind(":now", now.value)
                           .bind(":id", previous)
                           .run();
    if (ended) record_event(database, now, {kNobody, kNobody, "keys.rotated", "", "", "from=" + previous});
    return ended;
}

class SqliteKeyStore final : public KeyStore {
  public:
    explicit SqliteKeyStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    Answer<KeyRing> ring() override {
        return in_transaction(*database_, [&]() -> Answer<KeyRing> { return read_ring(*database_); });
    }
    Answer<StoreMark> mark() override {
        return guarded([&]() -> Answer<StoreMark> { return read_mark(*database_); });
    }
    Answer<StoreMark> step() override {
        return in_transaction(*database_, [&]() -> Answer<StoreMark> {
            database_->execute("UPDATE state SET commits = commits + 1");
            return read_mark(*database_);
        });
    }
    Answer<void> remember(const Digest& check, const std::string& key_id, UnixSeconds now) override {
        return in_transaction(*database_, [&]() -> Answer<void> {
            Query(database_->prepared("UPDATE state SET key_check = :check WHERE key_check IS NULL"))
                .bind(":check", std::span<const std::uint8_t>(check))
                .run();
            const KeyRing ring = read_ring(*database_);
            if (is_current(ring, check) && ring.current.empty()) name_key(*database_, key_id, "current", now);
            return {};
        });
    }
    Answer<bool> introduce(const KeyIntroduction& introduction) override {
        return in_transaction(*database_, [&]() -> Answer<bool> { return introduce_key(*database_, introduction); });
    }
    Answer<std::vector<SealedRow>> rows_after(SealedTable table, const SealedRow& after, int most) override {
        return guarded([&]() -> Answer<std::vector<SealedRow>> {
            return sealed_rows_after(*database_, table, after, most);
        });
    }
    Answer<std::int64_t> replace(SealedTable table, const std::vector<SealedAnew>& rows,
                                 const std::string& key_id) override {
        return in_transaction(*database_, [&]() -> Answer<std::int64_t> {
            return replace_sealed(*database_, table, rows, key_id);
        });
    }
    Answer<std::vector<KeyCount>> count(SealedTable table) override {
        return guarded([&]() -> Answer<std::vector<KeyCount>> { return count_sealed(*database_, table); });
    }
    Answer<bool> retire(const std::string& previous, UnixSeconds now) override {
        return in_transaction(*database_, [&]() -> Answer<bool> { return retire_key(*database_, previous, now); });
    }

  private:
    std::unique_ptr<Database> database_;
};

class HeldLock final : public ServerAway {
  public:
    explicit HeldLock(std::unique_ptr<DirectoryLock> lock) : lock_(std::move(lock)) {}

  private:
    std::unique_ptr<DirectoryLock> lock_;
};

}  // namespace

Answer<std::unique_ptr<KeyStore>> open_key_store(const std::string& data_directory) {
    auto database = open_operator_database(data_directory, false);
    if (!database) return tl::unexpected(std::move(database.error()));
    return std::make_unique<SqliteKeyStore>(std::move(*database));
}

Answer<std::unique_ptr<ServerAway>> ServerAway::hold(const std::string& data_directory) {
    auto lock = DirectoryLock::take(data_directory);
    if (lock) return std::make_unique<HeldLock>(std::move(*lock));
    if (lock.error().code != ServerErrorCode::DataDirectoryLocked) return tl::unexpected(std::move(lock.error()));
    return refuse(ServerErrorCode::MasterKeyInUse, lock.error().detail);
}

}  // namespace countersign::server
