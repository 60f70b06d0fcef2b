// SPDX-License-Identifier: Apache-2.0
#include "countersign/audit_chain.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "vector_file.h"

using namespace countersign;

namespace {

Answer hash_vector(const VectorCase& vector) {
    const auto nonce = vector.bytes("Nonce");
    const std::string realm = vector.text("Realm");
    const std::string user = vector.text("User");
    const std::string event = vector.text("Event");
    const std::string method = vector.text("Method");
    const std::string credential = vector.text("Credential");
    const std::string detail = vector.text("Detail");
    return {{"Hash", to_hex(hash_audit_record({UnixSeconds{vector.number("Time", 0)}, nonce, realm, user, event,
                                               method, credential, detail}))}};
}

Answer checkpoint_vector(const VectorCase& vector) {
    const auto key = vector.bytes("Key");
    const std::string line = vector.text("Line");
    const auto read = parse_checkpoint(line);
    if (!read) return error_answer(read.error());
    CHECK(format_checkpoint(*read) == line);
    if (vector.has("Seed")) {
        const auto seed = vector.bytes("Seed");
        CHECK(to_hex(audit_public_key(seed).value()) == to_hex(key));
        CHECK(format_checkpoint(sign_checkpoint(read->checkpoint, seed).value()) == line);
    }
    return {{"Epoch", std::to_string(read->checkpoint.epoch)},
            {"Size", std::to_string(read->checkpoint.size)},
            {"Head", to_hex(read->checkpoint.head)},
            {"Time", std::to_string(read->checkpoint.time.value)},
            {"Signature", to_hex(read->signature)},
            {"Valid", verify_checkpoint(*read, key).value() ? "yes" : "no"}};
}

/// As the package does it: both signatures, then the chain.
Answer extension_vector(const VectorCase& vector) {
    const auto key = vector.bytes("Key");
    const auto proof = vector.bytes("Proof");
    const auto previous = parse_checkpoint(vector.text("Previous"));
    const auto next = parse_checkpoint(vector.text("Next"));
    if (!previous) return error_answer(previous.error());
    if (!next) return error_answer(next.error());
    for (const auto& checkpoint : {*previous, *next}) {
        const auto holds = verify_checkpoint(checkpoint, key);
        if (!holds) return error_answer(holds.error());
        if (!*holds) return {{"Outcome", "bad_signature"}};
    }
    const auto verdict = verify_extension(previous->checkpoint, next->checkpoint, proof);
    if (!verdict) return error_answer(verdict.error());
    return {{"Outcome", std::string(chain_verdict_name(*verdict))}};
}

/// A chain of made-up records, and its heads: `heads[n]` after n of them.
struct Chain {
    std::vector<ChainHash> records;
    std::vector<ChainHash> heads{kEmptyChain};

    explicit Chain(std::size_t size, std::string_view detail = "") {
        for (std::size_t number = 1; number <= size; ++number) {
            const std::string user = "user-" + std::to_string(number);
            const std::array<std::uint8_t, 16> nonce{static_cast<std::uint8_t>(number)};
            add(hash_audit_record({UnixSeconds{1}, nonce, "default", user, "credential.locked", "totp", "crd", detail}));
        }
    }
    void add(const ChainHash& record) {
        records.push_back(record);
        heads.push_back(extend_chain(heads.back(), static_cast<std::int64_t>(records.size()), record));
    }
    [[nodiscard]] Checkpoint at(std::size_t size) const {
        return {1, static_cast<std::int64_t>(size), heads[size], UnixSeconds{1}};
    }
    [[nodiscard]] std::vector<std::uint8_t> proof(std::size_t after, std::size_t to) const {
        std::vector<std::uint8_t> bytes;
        for (std::size_t i = after; i < to; ++i) bytes.insert(bytes.end(), records[i].begin(), records[i].end());
        return bytes;
    }
};

const Secret kSeed = Secret::random(kAuditKeyBytes);

}  // namespace

TEST_CASE("audit_chain.vec: records, checkpoints and extensions made by other programs [R26]", "[audit][vectors]") {
    run_vectors("audit_chain.vec", {{"record", hash_vector},
                                    {"checkpoint", checkpoint_vector},
                                    {"extension", extension_vector}});
}

TEST_CASE("every field of a record, and its nonce, is in its hash [R26]", "[audit]") {
    const std::array<std::uint8_t, 16> nonce{1};
    const std::array<std::uint8_t, 16> other{2};
    const AuditRecord record{UnixSeconds{5}, nonce, "r", "u", "e", "m", "c", "d"};
    std::vector<AuditRecord> altered(9, record);
    altered[0].time = UnixSeconds{6};
    altered[1].nonce = other;
    altered[2].realm = "x";
    altered[3].user = "x";
    altered[4].event = "x";
    altered[5].method = "x";
    altered[6].credential = "x";
    altered[7].detail = "x";
    altered[8].user = "ue", altered[8].event = "";
    std::vector<ChainHash> hashes{hash_audit_record(record)};
    for (const AuditRecord& each : altered) hashes.push_back(hash_audit_record(each));
    std::sort(hashes.begin(), hashes.end());
    CHECK(std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end());
    CHECK(std::binary_search(hashes.begin(), hashes.end(), hash_audit_record(record)));
}

TEST_CASE("a link depends on the number, on what came before and on the record [R26]", "[audit]") {
    const Chain chain(2);
    const ChainHash link = extend_chain(chain.heads[1], 2, chain.records[1]);
    CHECK(link == chain.heads[2]);
    CHECK(extend_chain(chain.heads[1], 3, chain.records[1]) != link);
    CHECK(extend_chain(kEmptyChain, 2, chain.records[1]) != link);
    CHECK(extend_chain(chain.heads[1], 2, chain.records[0]) != link);
}

TEST_CASE("each earlier checkpoint is extended by each later one, and by no other chain's [R26]", "[audit]") {
    const Chain chain(12);
    const Chain other(12, "changed");
    for (std::size_t from = 1; from <= 12; ++from) {
        for (std::size_t to = from; to <= 12; ++to) {
            const auto proof = chain.proof(from, to);
            CHECK(verify_extension(chain.at(from), chain.at(to), proof).value() == ChainVerdict::Extends);
            CHECK(verify_extension(chain.at(from), other.at(to), proof).value() == ChainVerdict::Forked);
            CHECK(verify_extension(chain.at(from), other.at(to), other.proof(from, to)).value() == ChainVerdict::Forked);
            if (to > from) CHECK(verify_extension(chain.at(to), chain.at(from), {}).value() == ChainVerdict::RolledBack);
        }
    }
}

TEST_CASE("every altered bit of a proof is found [R26]", "[audit]") {
    const Chain chain(3);
    auto proof = chain.proof(1, 3);
    for (std::size_t bit = 0; bit < proof.size() * 8; ++bit) {
        proof[bit / 8] = static_cast<std::uint8_t>(proof[bit / 8] ^ 1U << bit % 8);
        CHECK(verify_extension(chain.at(1), chain.at(3), proof).value() == ChainVerdict::Forked);
        proof[bit / 8] = static_cast<std::uint8_t>(proof[bit / 8] ^ 1U << bit % 8);
    }
}

TEST_CASE("a proof has at most 65536 records, and that many it has [R26]", "[audit]") {
    Chain chain(1);
    const ChainHash record = chain.records[0];
    for (std::size_t i = 0; i <= kMaxProofRecords; ++i) chain.add(record);
    const auto proof = chain.proof(1, 1 + kMaxProofRecords);
    CHECK(verify_extension(chain.at(1), chain.at(1 + kMaxProofRecords), proof).value() == ChainVerdict::Extends);
    const auto longer = chain.proof(1, 2 + kMaxProofRecords);
    CHECK(verify_extension(chain.at(1), chain.at(2 + kMaxProofRecords), longer).error().code ==
          ErrorCode::AuditProofTooLong);
}

TEST_CASE("every altered bit of the signed bytes and of the signature is found [R26]", "[audit]") {
    const AuditPublicKey key = audit_public_key(kSeed.bytes()).value();
    const SignedCheckpoint made = sign_checkpoint({3, 7, Chain(1).heads[1], UnixSeconds{1790000000}}, kSeed.bytes()).value();
    CHECK(verify_checkpoint(made, key).value());
    for (std::size_t bit = 0; bit < 8 * kAuditSignatureBytes; ++bit) {
        SignedCheckpoint altered = made;
        altered.signature[bit / 8] = static_cast<std::uint8_t>(altered.signature[bit / 8] ^ 1U << bit % 8);
        CHECK_FALSE(verify_checkpoint(altered, key).value());
    }
    std::vector<SignedCheckpoint> others(4, made);
    others[0].checkpoint.epoch ^= 1;
    others[1].checkpoint.size ^= 1;
    others[2].checkpoint.head[31] ^= 1;
    others[3].checkpoint.time.value ^= 1;
    for (const SignedCheckpoint& altered : others) CHECK_FALSE(verify_checkpoint(altered, key).value());
    CHECK_FALSE(verify_checkpoint(made, audit_public_key(Secret::random(kAuditKeyBytes).bytes()).value()).value());
}

TEST_CASE("keys of another size and checkpoints out of range are refused [R26]", "[audit]") {
    const SecretView short_seed = kSeed.bytes().first(31);
    const Checkpoint fine{1, 1, {}, UnixSeconds{0}};
    CHECK(audit_public_key(short_seed).error().code == ErrorCode::AuditKeyMalformed);
    CHECK(sign_checkpoint(fine, short_seed).error().code == ErrorCode::AuditKeyMalformed);
    CHECK(verify_checkpoint({fine, {}}, short_seed).error().code == ErrorCode::AuditKeyMalformed);
    constexpr std::int64_t kTooLarge = std::int64_t{1} << 53;
    for (const Checkpoint& wrong : {Checkpoint{0, 1, {}, UnixSeconds{0}}, Checkpoint{1, 0, {}, UnixSeconds{0}},
                                    Checkpoint{1, 1, {}, UnixSeconds{-1}}, Checkpoint{kTooLarge, 1, {}, UnixSeconds{0}},
                                    Checkpoint{1, kTooLarge, {}, UnixSeconds{0}},
                                    Checkpoint{1, 1, {}, UnixSeconds{kTooLarge}}}) {
        CHECK(sign_checkpoint(wrong, kSeed.bytes()).error().code == ErrorCode::AuditCheckpointMalformed);
    }
    CHECK(sign_checkpoint(fine, kSeed.bytes()).has_value());
}
