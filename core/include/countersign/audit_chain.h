// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "countersign/result.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

// An audit log whose past cannot be changed unseen by who keeps one line of text.
//
// Records are numbered from 1 and chained by BLAKE2b-256; now and then the head of the chain is signed. Who
// keeps a signed checkpoint can later have it proven that nothing under it was changed, left out or put in.
// Nothing here shows what happened before a record was chained, or what the holder of the signing key did
// that nobody had a checkpoint of.

namespace countersign {

inline constexpr std::size_t kChainHashBytes = 32;
inline constexpr std::size_t kAuditKeyBytes = 32;  ///< both the seed of a signing key and the public key
inline constexpr std::size_t kAuditSignatureBytes = 64;
inline constexpr std::size_t kCheckpointBytes = 71;
/// Of one proof, which is then 2 MiB; a longer way is proven from checkpoint to checkpoint.
inline constexpr std::size_t kMaxProofRecords = 65536;

using ChainHash = std::array<std::uint8_t, kChainHashBytes>;
using AuditPublicKey = std::array<std::uint8_t, kAuditKeyBytes>;
using AuditSignature = std::array<std::uint8_t, kAuditSignatureBytes>;

/// The head of a chain without records.
inline constexpr ChainHash kEmptyChain{};

/// What is hashed of one record; borrowed, texts of any length below 4 GiB.
struct AuditRecord {
    UnixSeconds time;
    SecretView nonce;  ///< 16 random bytes, or the hash would tell a short record to who guesses it
    std::string_view realm;
    std::string_view user;
    std::string_view event;
    std::string_view method;
    std::string_view credential;
    std::string_view detail;
};

/// BLAKE2b-256 over the ten bytes `cs-audit-1`, the time in 8 bytes, little-endian, then nonce, realm, user,
/// event, method, credential and detail, each after its length in 4 bytes, little-endian.
///
/// It stands for the record in the chain. The record's personal data may be erased with its nonce: the hash,
/// kept, tells nothing of it and still holds its place.
[[nodiscard]] ChainHash hash_audit_record(const AuditRecord& record);

/// The head after one more record: BLAKE2b-256 over the ten bytes `cs-chain-1`, the record's number in 8 bytes,
/// little-endian, the head before it, and the record's hash.
///
/// @param head    of the records 1 to `number` - 1; `kEmptyChain` before the first
/// @param number  from 1
[[nodiscard]] ChainHash extend_chain(const ChainHash& head, std::int64_t number, const ChainHash& record) noexcept;

/// Where a chain stood at a moment. Numbers are at most 2^53 - 1, so that JavaScript has them exactly.
struct Checkpoint {
    std::int64_t epoch = 1;  ///< from 1; raised by each restore of the store from a backup
    std::int64_t size = 1;   ///< how many records, from 1
    ChainHash head{};
    UnixSeconds time;        ///< when it was signed, by the signer's clock, which may be set back; from 0
};

struct SignedCheckpoint {
    Checkpoint checkpoint;
    AuditSignature signature{};
};

/// What is signed: the fifteen bytes `cs-checkpoint-1`, epoch, size (8 bytes each, little-endian), the head, and
/// the time (8 bytes, little-endian).
[[nodiscard]] std::array<std::uint8_t, kCheckpointBytes> checkpoint_bytes(const Checkpoint& checkpoint) noexcept;

/// The public key of a seed. Native only, as signing and verifying: a page verifies by WebCrypto.
///
/// @param seed  32 bytes, as secret as the key
/// Errors: `audit.key_malformed`.
[[nodiscard]] Result<AuditPublicKey> audit_public_key(SecretView seed);

/// Signs by Ed25519 (RFC 8032).
///
/// Errors: `audit.key_malformed`, `audit.checkpoint_malformed` when a number is out of its range.
[[nodiscard]] Result<SignedCheckpoint> sign_checkpoint(const Checkpoint& checkpoint, SecretView seed);

/// True when the holder of the key has signed it.
///
/// @param public_key  32 bytes
/// Errors: `audit.key_malformed`.
[[nodiscard]] Result<bool> verify_checkpoint(const SignedCheckpoint& checkpoint, SecretView public_key);

/// One line to keep, without its end: `cs-checkpoint-1 EPOCH SIZE HEAD TIME SIGNATURE`, numbers in decimal, bytes
/// in lower-case hexadecimal, single spaces.
[[nodiscard]] std::string format_checkpoint(const SignedCheckpoint& checkpoint);

/// Reads such a line; strict, a checkpoint has one form. It does not look at the signature.
///
/// Errors: `audit.checkpoint_malformed`.
[[nodiscard]] Result<SignedCheckpoint> parse_checkpoint(std::string_view line);

enum class ChainVerdict : unsigned char {
    Extends,              ///< all that the earlier checkpoint covers stands unchanged under the later one
    ExtendsAfterRestore,  ///< so it is, but a restore lies between: what came after the backup may be gone
    Forked,               ///< the records differ, or the proof is of another chain
    RolledBack,           ///< the later one covers fewer records, or is of an earlier epoch
};

/// `extends`, `extends_after_restore`, `forked`, `rolled_back`; static storage.
[[nodiscard]] std::string_view chain_verdict_name(ChainVerdict verdict) noexcept;

/// Proves that a later checkpoint extends an earlier one. Signatures are the caller's to check first.
///
/// The proof is what lies between: the hash of each record after the earlier checkpoint, up to the later one.
/// It costs 32 bytes and one short hash for each, where a Merkle tree would cost a handful in all; a page that
/// shows the new records has their hashes anyway, and the sealer stays one statement without a tree to keep.
/// A restore from a backup older than `previous` is `RolledBack`, or `Forked` once the chain has grown past it:
/// nobody can prove what is gone.
///
/// @param proof  32 bytes for each record after `previous.size` up to `next.size`, in order
/// Errors: `audit.proof_malformed` (another number of hashes), `audit.proof_too_long`.
[[nodiscard]] Result<ChainVerdict> verify_extension(const Checkpoint& previous, const Checkpoint& next,
                                                    SecretView proof);

}  // namespace countersign
