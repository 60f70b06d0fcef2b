// SPDX-License-Identifier: Apache-2.0
#include "store/sealer.h"

#include <algorithm>
#include <span>
#include <vector>

#include "app/audit_erasure.h"
#include "store/audit_rows.h"

namespace countersign::server {
namespace {

struct Chain {
    std::int64_t size = 0;
    ChainHash head{};
    std::int64_t signed_epoch = 0;
    std::int64_t signed_size = 0;
};

ChainHash hash_of(const std::vector<std::uint8_t>& bytes) {
    ChainHash hash{};
    if (bytes.size() != hash.size()) throw SQLite::Exception("the head of the audit chain is damaged");
    std::ranges::copy(bytes, hash.begin());
    return hash;
}

/// The chain, if this sealer may go on with it. A lease that ends later than any lease can was given before
/// the clock was set back: it is over.
std::optional<Chain> take_lease(Database& database, const SealRequest& request, UnixSeconds now) {
    const std::int64_t until = now.value + kSealerLeaseSeconds;
    Query query(database.prepared(
        "UPDATE audit_chain SET sealer = :sealer, leased_until = :until "
        "WHERE sealer = :sealer OR leased_until <= :now OR leased_until > :until OR :alone "
        "RETURNING size, head, signed_epoch, signed_size"));
    query.bind(":sealer", request.sealer)
        .bind(":until", until)
        .bind(":now", now.value)
        .bind(":alone", std::int64_t{request.alone});
    if (!query.step()) return std::nullopt;
    const Chain chain{query.integer(0), hash_of(query.blob(1)), query.integer(2), query.integer(3)};
    while (query.step()) {
    }
    return chain;
}

/// Up to `most` rows, the oldest first.
std::vector<AuditRow> unsealed_rows(Database& database, std::int64_t most) {
    Query query(database.prepared(
        "SELECT number, at, nonce, realm, user, event, method, credential, detail, record_hash, chain_head "
        "FROM audit WHERE number IS NULL ORDER BY at, realm, user, nonce LIMIT :most"));
    query.bind(":most", most);
    std::vector<AuditRow> rows;
    while (query.step()) rows.push_back(read_audit_row(query));
    return rows;
}

void seal_row(Database& database, const AuditRow& row, Chain& chain) {
    // A row that was erased before its turn came kept the hash of what it was (R26).
    const ChainHash hash = is_erased(row) ? hash_of(row.record_hash) : hash_audit_row(row);
    chain.size += 1;
    chain.head = extend_chain(chain.head, chain.size, hash);
    const bool sealed =
        Query(database.prepared("UPDATE audit SET number = :number, record_hash = :hash, chain_head = :head "
                                "WHERE realm = :realm AND user = :user AND at = :at AND nonce = :nonce "
                                "AND number IS NULL RETURNING 1"))
            .bind(":number", chain.size)
            .bind(":hash", std::span<const std::uint8_t>(hash))
            .bind(":head", std::span<const std::uint8_t>(chain.head))
            .bind(":realm", row.realm)
            .bind(":user", row.user)
            .bind(":at", row.at.value)
            .bind(":nonce", std::span<const std::uint8_t>(row.nonce))
            .run();
    if (!sealed) throw SQLite::Exception("an audit row was not found again");
}

std::optional<SignedCheckpoint> sign(Database& database, const SealRequest& request, Chain& chain,
                                     const StoreState& state) {
    const bool signed_already = chain.signed_size == chain.size && chain.signed_epoch == state.epoch;
    if (chain.size == 0 || signed_already) return std::nullopt;
    const UnixSeconds time{std::max<std::int64_t>(0, state.high_water.value)};
    const auto checkpoint = request.signer({state.epoch, chain.size, chain.head, time});
    if (!checkpoint) throw SQLite::Exception("the checkpoint could not be signed");
    // A size comes again in one epoch only after somebody has taken rows away: the older one stays as evidence.
    Query(database.prepared("INSERT OR IGNORE INTO audit_checkpoint (epoch, size, head, time, signature) "
                            "VALUES (:epoch, :size, :head, :time, :signature)"))
        .bind(":epoch", state.epoch)
        .bind(":size", chain.size)
        .bind(":head", std::span<const std::uint8_t>(chain.head))
        .bind(":time", time.value)
        .bind(":signature", std::span<const std::uint8_t>(checkpoint->signature))
        .run();
    chain.signed_epoch = state.epoch;
    chain.signed_size = chain.size;
    return *checkpoint;
}

void store_chain(Database& database, const Chain& chain, bool release) {
    Query(database.prepared("UPDATE audit_chain SET size = :size, head = :head, signed_epoch = :epoch, "
                            "signed_size = :signed, sealer = CASE WHEN :release THEN '' ELSE sealer END, "
                            "leased_until = CASE WHEN :release THEN 0 ELSE leased_until END"))
        .bind(":size", chain.size)
        .bind(":head", std::span<const std::uint8_t>(chain.head))
        .bind(":epoch", chain.signed_epoch)
        .bind(":signed", chain.signed_size)
        .bind(":release", std::int64_t{release})
        .run();
}

}  // namespace

SealReport seal_audit(Database& database, const SealRequest& request, const StoreState& state) {
    SealReport report;
    auto chain = take_lease(database, request, state.high_water);
    if (!chain) return report;
    report.leased = true;
    const std::vector<AuditRow> rows = unsealed_rows(database, request.most);
    for (const AuditRow& row : rows) {
        seal_row(database, row, *chain);
        ++report.events[row.event];
    }
    report.more = static_cast<std::int64_t>(rows.size()) == request.most;
    if (request.sign && !report.more) report.checkpoint = sign(database, request, *chain, state);
    store_chain(database, *chain, request.release);
    return report;
}

AuditBacklog read_audit_backlog(Database& database) {
    Query query(database.prepared(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM audit WHERE number IS NULL LIMIT 10000)), "
        "(SELECT min(at) FROM audit WHERE number IS NULL), size, "
        "size > 0 AND (size <> signed_size OR signed_epoch <> (SELECT epoch FROM state)) FROM audit_chain"));
    AuditBacklog backlog;
    if (!query.step()) throw SQLite::Exception("the audit chain's row is missing");
    backlog.unsealed = query.integer(0);
    if (const auto oldest = query.maybe_integer(1)) backlog.oldest = UnixSeconds{*oldest};
    backlog.size = query.integer(2);
    backlog.unsigned_records = query.integer(3) != 0;
    return backlog;
}

}  // namespace countersign::server
