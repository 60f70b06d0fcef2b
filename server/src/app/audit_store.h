// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/digest.h"
#include "app/error.h"
#include "countersign/audit_chain.h"

// What the audit log asks of a database, beside app/store.h.

namespace countersign::server {

/// How long a sealer keeps the others out without a word from it.
inline constexpr std::int64_t kSealerLeaseSeconds = 10;

/// One step of sealing; a transaction of the writer's, beside the deciding ones.
struct SealRequest {
    std::string sealer;    ///< who asks, for the lease
    bool alone = false;    ///< there can be no other: take the lease even from a name that still holds it
    bool release = false;  ///< the last step of this sealer: gives the lease back
    bool sign = false;     ///< sign a checkpoint if anything came since the last one
    std::int64_t most = 0; ///< rows at a time, so that no login waits long behind them
    std::function<Result<SignedCheckpoint>(const Checkpoint&)> signer;
};

struct SealReport {
    bool leased = false;  ///< false: another one seals; nothing was done
    bool more = false;    ///< rows are left
    std::map<std::string, std::int64_t> events;   ///< what was sealed, by the name of the event
    std::optional<SignedCheckpoint> checkpoint;  ///< when one was signed
};

/// What waits; read without a transaction.
struct AuditBacklog {
    std::int64_t unsealed = 0;  ///< counted up to 10,000
    std::optional<UnixSeconds> oldest;
    std::int64_t size = 0;
    bool unsigned_records = false;  ///< sealed after the last checkpoint, or in an epoch without one
};

/// A row as it stands, sealed or not.
struct AuditRow {
    std::optional<std::int64_t> number;
    UnixSeconds at;
    std::vector<std::uint8_t> nonce;
    std::string realm;
    std::string user;
    std::string event;
    std::string method;
    std::string credential;
    std::string detail;
    std::vector<std::uint8_t> record_hash;
    std::vector<std::uint8_t> chain_head;
};

/// The hash of the row as it stands, whatever it was sealed with.
[[nodiscard]] inline ChainHash hash_audit_row(const AuditRow& row) {
    return hash_audit_record({row.at, row.nonce, row.realm, row.user, row.event, row.method, row.credential,
                              row.detail});
}

/// A checkpoint as it stands; the blobs have the length that somebody gave them.
struct StoredCheckpoint {
    std::int64_t epoch = 0;
    std::int64_t size = 0;
    std::vector<std::uint8_t> head;
    UnixSeconds time;
    std::vector<std::uint8_t> signature;
};

/// What sealing believes of itself.
struct StoredChain {
    std::int64_t epoch = 0;
    std::int64_t size = 0;
    std::vector<std::uint8_t> head;
    std::int64_t unsealed = 0;
    std::int64_t signed_size = 0;  ///< of the last checkpoint
};

/// The log as one moment saw it, for a process beside the server. Errors of each call: `data.store_failed`.
class AuditReader {
  public:
    virtual ~AuditReader() = default;
    [[nodiscard]] virtual Answer<bool> match_key(const Digest& key_check) = 0;
    /// The newest `limit` rows, the oldest of them first; what is not sealed comes last.
    [[nodiscard]] virtual Answer<std::vector<AuditRow>> newest(std::int64_t limit) = 0;
    [[nodiscard]] virtual Answer<StoredChain> chain() = 0;
    /// In the order of size.
    [[nodiscard]] virtual Answer<std::vector<StoredCheckpoint>> checkpoints() = 0;
    /// Every sealed row, by number.
    [[nodiscard]] virtual Answer<void> each_sealed(const std::function<void(const AuditRow&)>& visit) = 0;
};

/// Opens the store of a directory that has one, of this version. Errors: the `data.*` codes.
[[nodiscard]] Answer<std::unique_ptr<AuditReader>> open_audit_reader(const std::string& data_directory);

}  // namespace countersign::server
