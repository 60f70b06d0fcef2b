// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/clock.h"
#include "app/error.h"
#include "countersign/secret.h"

namespace countersign::server {

struct AppKeyInfo {
    std::string realm;
    std::string id;    ///< `app_` and 16 symbols; names the key without opening anything
    std::string name;
    std::string scopes;  ///< `admin`, or nothing
    UnixSeconds created_at;
    std::optional<UnixSeconds> revoked_at;
    std::vector<std::string> allowed_origins{};  ///< of pages that may call with tokens of its sessions (R7)
};

struct CreatedAppKey {
    AppKeyInfo info;
    Secret token;  ///< `cs_app_` and 43 symbols; stored as a keyed hash only, so shown once
};

/// Writes a new 32-byte master key, mode 0600; never overwrites. Errors: `master_key.unusable`.
[[nodiscard]] Answer<void> write_master_key(const std::string& path);

/// What an operator's second process does beside a running server, or before the first one (R18).
class Administration {
  public:
    /// @param master_key_file  empty where the command needs no key (`clock confirm`)
    /// @param create  make the directory and the store when they do not exist yet
    /// Errors: the `data.*` and `master_key.*` codes.
    [[nodiscard]] static Answer<std::unique_ptr<Administration>> open(const std::string& data_directory,
                                                                      const std::string& master_key_file,
                                                                      bool create,
                                                                      std::shared_ptr<const Clock> clock);
    virtual ~Administration() = default;

    /// Errors: `realm.invalid`, `realm.exists`.
    [[nodiscard]] virtual Answer<void> create_realm(const std::string& realm) = 0;
    [[nodiscard]] virtual Answer<std::vector<std::string>> list_realms() = 0;
    /// @param scope  `admin`, with which the key opens administrators' sessions (R3), or nothing
    /// @param allowed_origins  of pages that may call with tokens of its sessions (R7), see `is_allowable_origin`;
    ///   at most 16
    /// Errors: `realm.unknown`, `app_key.invalid`.
    [[nodiscard]] virtual Answer<CreatedAppKey> create_app_key(const std::string& realm, const std::string& name,
                                                               const std::string& scope = {},
                                                               const std::vector<std::string>& allowed_origins = {}) = 0;
    /// @param realm  empty for all
    [[nodiscard]] virtual Answer<std::vector<AppKeyInfo>> list_app_keys(const std::string& realm) = 0;
    /// A revoked key is refused from the next request on, and the sessions of its realm end with it.
    /// Errors: `app_key.unknown`.
    [[nodiscard]] virtual Answer<void> revoke_app_key(const std::string& realm, const std::string& id) = 0;
    /// Takes the wall clock as right: ends the hold after a jump forward (R16).
    [[nodiscard]] virtual Answer<void> confirm_clock() = 0;
};

}  // namespace countersign::server
