// SPDX-License-Identifier: Apache-2.0
// A second process that reads the log: one snapshot from its first question to its last.
#include <sys/stat.h>

#include <exception>
#include <utility>

#include "app/audit_store.h"
#include "app/refusal.h"
#include "store/audit_rows.h"
#include "store/directory.h"
#include "store/schema.h"

namespace countersign::server {
namespace {

class SqliteAuditReader final : public AuditReader {
  public:
    explicit SqliteAuditReader(std::unique_ptr<Database> database) : database_(std::move(database)) {}
    ~SqliteAuditReader() override { database_->abandon(); }

    Answer<bool> match_key(const Digest& key_check) override {
        return guarded([&] {
            Query query(database_->prepared("SELECT key_check FROM state WHERE key_check IS NOT NULL"));
            if (!query.step()) return false;
            return equal_constant_time(query.digest(0), key_check);
        });
    }

    Answer<std::vector<AuditRow>> newest(std::int64_t limit) override {
        return in_snapshot([&] { return newest_audit_rows(*database_, limit); });
    }

    Answer<StoredChain> chain() override {
        return in_snapshot([&] {
            Query query(database_->prepared(
                "SELECT (SELECT epoch FROM state), size, head, (SELECT count(*) FROM audit WHERE number IS NULL), "
                "signed_size FROM audit_chain"));
            if (!query.step()) throw SQLite::Exception("the audit chain's row is missing");
            return StoredChain{query.integer(0), query.integer(1), query.blob(2), query.integer(3), query.integer(4)};
        });
    }

    Answer<std::vector<StoredCheckpoint>> checkpoints() override {
        return in_snapshot([&] {
            Query query(database_->prepared(
                "SELECT epoch, size, head, time, signature FROM audit_checkpoint ORDER BY size, epoch"));
            std::vector<StoredCheckpoint> all;
            while (query.step()) {
                all.push_back({query.integer(0), query.integer(1), query.blob(2), UnixSeconds{query.integer(3)},
                               query.blob(4)});
            }
            return all;
        });
    }

    Answer<void> each_sealed(const std::function<void(const AuditRow&)>& visit) override {
        const auto walked = in_snapshot([&] {
            Query query(database_->prepared(
                "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
                "FROM audit WHERE number IS NOT NULL ORDER BY number"));
            while (query.step()) visit(read_audit_row(query));
            return true;
        });
        if (!walked) return tl::unexpected(walked.error());
        return {};
    }

  private:
    template <class Work>
    auto guarded(Work work) -> Answer<decltype(work())> {
        try {
            return work();
        } catch (const std::exception& error) {
            return refuse(ServerErrorCode::DataStoreFailed, error.what());
        }
    }
    template <class Work>
    auto in_snapshot(Work work) -> Answer<decltype(work())> {
        return guarded([&] {
            if (database_->autocommit()) database_->execute("BEGIN");
            return work();
        });
    }

    std::unique_ptr<Database> database_;
};

}  // namespace

Answer<std::unique_ptr<AuditReader>> open_audit_reader(const std::string& data_directory) {
    if (auto usable = prepare_directory(data_directory, false); !usable) return tl::unexpected(usable.error());
    const std::string file = database_file(data_directory);
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) {
        return refuse(ServerErrorCode::DataDirectoryUnusable, data_directory + ": holds no store");
    }
    try {
        auto database = std::make_unique<Database>(file, Role::Writer);
        if (auto current = refuse_older(*database); !current) return tl::unexpected(current.error());
        if (auto ours = migrate(*database); !ours) return tl::unexpected(ours.error());
        return std::make_unique<SqliteAuditReader>(std::move(database));
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, file + ": " + error.what());
    }
}

}  // namespace countersign::server
