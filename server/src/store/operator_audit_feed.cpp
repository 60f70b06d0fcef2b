// SPDX-License-Identifier: Apache-2.0
#include "app/audit_feed.h"

#include <algorithm>
#include <utility>

#include "app/refusal.h"
#include "store/audit_rows.h"
#include "store/operator_database.h"

namespace countersign::server {
namespace {

class SqliteAuditFeed final : public AuditFeed {
  public:
    explicit SqliteAuditFeed(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    Answer<AuditPiece> after(const AuditCursor& cursor, std::int64_t most) override {
        auto piece = guarded([&]() -> Answer<AuditPiece> {
            database_->execute("BEGIN");
            AuditPiece read;
            read.from = resume(cursor);
            read_rows(read, most);
            read_checkpoints(read);
            return read;
        });
        database_->abandon();
        return piece;
    }

  private:
    struct Log {
        std::string store;
        std::int64_t epoch = 0;
        std::int64_t size = 0;
    };

    Log read_log() {
        Query query(database_->prepared("SELECT store_id, epoch, size FROM state, audit_chain"));
        if (!query.step()) throw SQLite::Exception("the audit chain's row is missing");
        return {query.text(0), query.integer(1), query.integer(2)};
    }

    AuditCursor resume(const AuditCursor& cursor) {
        const Log log = read_log();
        if (cursor.store != log.store) return {log.store, log.epoch, 0, 0};
        if (cursor.epoch == log.epoch && cursor.number <= log.size) return cursor;
        Query query(database_->prepared("SELECT coalesce(max(size), 0) FROM audit_checkpoint "
                                        "WHERE epoch <= :epoch AND size <= :number"));
        query.bind(":epoch", std::min(cursor.epoch, log.epoch)).bind(":number", cursor.number);
        const std::int64_t shared = query.step() ? std::min(query.integer(0), log.size) : 0;
        return {log.store, log.epoch, shared, shared};
    }

    void read_rows(AuditPiece& piece, std::int64_t most) {
        Query query(database_->prepared(
            "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
            "FROM audit WHERE number > :after ORDER BY number LIMIT :most"));
        query.bind(":after", piece.from.number).bind(":most", most);
        while (query.step()) piece.rows.push_back(read_audit_row(query));
        piece.more = static_cast<std::int64_t>(piece.rows.size()) == most;
    }

    void read_checkpoints(AuditPiece& piece) {
        const std::int64_t last = piece.rows.empty() ? piece.from.number : *piece.rows.back().number;
        Query query(database_->prepared("SELECT epoch, size, head, time, signature FROM audit_checkpoint "
                                        "WHERE size > :after AND size <= :last ORDER BY size, epoch"));
        query.bind(":after", piece.from.checkpoint).bind(":last", last);
        while (query.step()) {
            piece.checkpoints.push_back({query.integer(0), query.integer(1), query.blob(2),
                                         UnixSeconds{query.integer(3)}, query.blob(4)});
        }
    }

    std::unique_ptr<Database> database_;
};

}  // namespace

Answer<std::unique_ptr<AuditFeed>> open_audit_feed(const std::string& data_directory) {
    auto database = open_operator_database(data_directory, false);
    if (!database) return tl::unexpected(std::move(database.error()));
    return guarded([&]() -> Answer<std::unique_ptr<AuditFeed>> {
        (*database)->execute("PRAGMA query_only=ON");
        return std::make_unique<SqliteAuditFeed>(std::move(*database));
    });
}

}  // namespace countersign::server
