// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/digest.h"
#include "app/error.h"
#include "app/store_mark.h"
#include "countersign/totp.h"

// Which master keys a store has had, what a rotation keeps of them and what is still sealed under which (R20).

namespace countersign::server {

struct KeptKey {
    std::string name;  ///< `token`, `salt`, `pepper`, `audit.<records>.<key id>`
    std::vector<std::uint8_t> sealed;
};

/// As one moment saw it.
struct KeyRing {
    std::optional<Digest> check;       ///< of the current master key; none before the first
    std::string current;               ///< key ids; empty before the first
    std::string previous;              ///< empty when no rotation is under way
    std::vector<std::string> retired;
    std::vector<KeptKey> kept;         ///< sealed under the current one
    std::int64_t audit_size = 0;       ///< sealed records
    StoreMark mark;
};

/// The step with which a rotation begins: from here on everything is sealed under the new key.
struct KeyIntroduction {
    Digest check_before{};
    Digest check{};
    std::string previous;  ///< key ids
    std::string current;
    std::vector<KeptKey> kept;  ///< all of them, sealed under the new key
    UnixSeconds now;
};

enum class SealedTable : unsigned char { Credential, Contact, Outbox };

/// A row with something sealed, whichever table it stands in.
struct SealedRow {
    std::string realm;
    std::string user;
    std::string id;      ///< credential or mail; empty of a contact
    std::string method;  ///< what `SeedPlace` calls so: method, `contact`, the mail's kind
    std::string key_id;
    std::vector<std::uint8_t> sealed;
};

struct SealedAnew {
    SealedRow row;  ///< as it was read: it is changed where it is still so
    std::vector<std::uint8_t> sealed;
};

struct KeyCount {
    std::string key_id;
    std::int64_t rows = 0;
};

/// A connection of its own, beside whichever server. Errors of each call: `data.store_failed`.
class KeyStore {
  public:
    virtual ~KeyStore() = default;
    [[nodiscard]] virtual Answer<KeyRing> ring() = 0;
    [[nodiscard]] virtual Answer<StoreMark> mark() = 0;
    /// Counts one commit, so that every copy from before this moment is behind it.
    [[nodiscard]] virtual Answer<StoreMark> step() = 0;
    /// Takes a key as the store's own where there is none yet, and its id where only that is unknown.
    [[nodiscard]] virtual Answer<void> remember(const Digest& check, const std::string& key_id, UnixSeconds now) = 0;
    /// False when the key that it replaces is not the current one, or a rotation is under way.
    [[nodiscard]] virtual Answer<bool> introduce(const KeyIntroduction& introduction) = 0;

    /// The next rows in the table's order after `after` (a row without a realm: from the start), whatever their key.
    [[nodiscard]] virtual Answer<std::vector<SealedRow>> rows_after(SealedTable table, const SealedRow& after,
                                                                    int most) = 0;
    /// One transaction. @return how many were still as they had been read
    [[nodiscard]] virtual Answer<std::int64_t> replace(SealedTable table, const std::vector<SealedAnew>& rows,
                                                       const std::string& key_id) = 0;
    [[nodiscard]] virtual Answer<std::vector<KeyCount>> count(SealedTable table) = 0;
    /// Ends the rotation. False when it was ended already.
    [[nodiscard]] virtual Answer<bool> retire(const std::string& previous, UnixSeconds now) = 0;
};

/// Opens the store of a directory that has one, up to date. Errors: the `data.*` codes.
[[nodiscard]] Answer<std::unique_ptr<KeyStore>> open_key_store(const std::string& data_directory);

/// Tells whether a server runs on a directory, by holding its place meanwhile. Errors: `master_key.in_use`, `data.unusable`.
class ServerAway {
  public:
    [[nodiscard]] static Answer<std::unique_ptr<ServerAway>> hold(const std::string& data_directory);
    virtual ~ServerAway() = default;
};

}  // namespace countersign::server
