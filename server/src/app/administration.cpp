// SPDX-License-Identifier: Apache-2.0
#include "app/administration.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "app/administrators.h"
#include "app/key_unlock.h"
#include "app/keys.h"
#include "app/master_key.h"
#include "app/older_store.h"
#include "app/origin.h"
#include "app/refusal.h"
#include "app/store.h"
#include "app/text_rules.h"
#include "app/tokens.h"

namespace countersign::server {
namespace {

constexpr std::size_t kMaxOrigins = 16;

std::string join_origins(const std::vector<std::string>& origins) {
    std::string joined;
    for (const std::string& origin : origins) joined.append(joined.empty() ? "" : " ").append(origin);
    return joined;
}

std::vector<std::string> split_origins(const std::string& joined) {
    std::vector<std::string> origins;
    std::istringstream words(joined);
    for (std::string origin; words >> origin;) origins.push_back(std::move(origin));
    return origins;
}

AppKeyInfo info_of(AppKeyRecord&& key) {
    return {std::move(key.realm), std::move(key.id), std::move(key.name), std::move(key.scopes), key.created_at,
            key.revoked_at, split_origins(key.allowed_origins)};
}

class LocalAdministration final : public Administration {
  public:
    LocalAdministration(std::optional<Keys> keys, std::unique_ptr<OperatorStore> store,
                        std::shared_ptr<const Clock> clock)
        : keys_(std::move(keys)), store_(std::move(store)), clock_(std::move(clock)) {}

    Answer<void> create_realm(const std::string& realm) override {
        if (!is_realm_name(realm)) return refuse(ServerErrorCode::RealmInvalid);
        return store_->create_realm(realm, clock_->wall());
    }

    Answer<std::vector<std::string>> list_realms() override { return store_->list_realms(); }

    Answer<CreatedAppKey> create_app_key(const std::string& realm, const std::string& name,
                                         const std::string& scope,
                                         const std::vector<std::string>& allowed_origins) override {
        if (!keys_) return refuse(ServerErrorCode::MasterKeyUnusable, "none was given");
        if (!is_realm_name(realm)) return refuse(ServerErrorCode::RealmUnknown);
        if (name.empty() || name.size() > kMaxNameBytes || !is_printable_utf8(name)) {
            return refuse(ServerErrorCode::AppKeyInvalid);
        }
        if (!scope.empty() && scope != kAdminScope) return refuse(ServerErrorCode::AppKeyInvalid, "scope: admin");
        if (allowed_origins.size() > kMaxOrigins ||
            !std::all_of(allowed_origins.begin(), allowed_origins.end(), is_allowable_origin)) {
            return refuse(ServerErrorCode::AppKeyInvalid,
                          "allowed origins: at most 16 like https://app.example.org, in lower case, with a port where it "
                          "is not 443 and without a path; http for localhost alone");
        }
        Secret token = make_token(TokenKind::App);
        AppKeyRecord key;
        key.realm = realm;
        key.id = make_random_id("app_");
        key.name = name;
        key.scopes = scope;
        key.lookup = token_lookup(*keys_, TokenKind::App, token.text());
        key.binding = token_binding(*keys_, TokenKind::App, token.text(), {key.realm, {}, key.id, key.scopes});
        key.created_at = clock_->wall();
        key.allowed_origins = join_origins(allowed_origins);
        if (auto added = store_->add_app_key(key); !added) return tl::unexpected(std::move(added.error()));
        return CreatedAppKey{info_of(std::move(key)), std::move(token)};
    }

    Answer<std::vector<AppKeyInfo>> list_app_keys(const std::string& realm) override {
        auto keys = store_->list_app_keys(realm);
        if (!keys) return tl::unexpected(std::move(keys.error()));
        std::vector<AppKeyInfo> infos;
        for (AppKeyRecord& key : *keys) infos.push_back(info_of(std::move(key)));
        return infos;
    }

    Answer<void> revoke_app_key(const std::string& realm, const std::string& id) override {
        return store_->revoke_app_key(realm, id, clock_->wall());
    }

    Answer<void> confirm_clock() override { return store_->confirm_clock(clock_->wall()); }

  private:
    std::optional<Keys> keys_;
    std::unique_ptr<OperatorStore> store_;
    std::shared_ptr<const Clock> clock_;
};

}  // namespace

Answer<std::unique_ptr<Administration>> Administration::open(const std::string& data_directory,
                                                             const std::string& master_key_file, bool create,
                                                             std::shared_ptr<const Clock> clock) {
    std::optional<Keys> keys;
    if (!master_key_file.empty()) {
        const auto master = read_master_key(master_key_file, data_directory);
        if (!master) return tl::unexpected(master.error());
        keys.emplace(master->bytes());
        if (auto fit = bring_up_to_date({data_directory, master_key_file}); !fit) return tl::unexpected(fit.error());
    }
    auto store = open_operator_store(data_directory, create);
    if (!store) return tl::unexpected(std::move(store.error()));
    if (keys) {
        auto unlocked = unlock_keys({data_directory, master_key_file}, KeyUse::Beside, clock->wall());
        if (!unlocked) return tl::unexpected(std::move(unlocked.error()));
        keys.emplace(std::move(*unlocked));
    }
    return std::make_unique<LocalAdministration>(std::move(keys), std::move(*store), std::move(clock));
}

}  // namespace countersign::server
