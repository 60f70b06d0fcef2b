// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "app/refusal.h"
#include "app/store.h"
#include "store/audit.h"
#include "store/binding.h"
#include "store/code_sets.h"
#include "store/operator_database.h"
#include "store/policy_rows.h"
#include "store/rows.h"
#include "store/schema.h"

namespace countersign::server {
namespace {

const std::string kNobody;  // events that concern no user

class SqliteOperatorStore final : public OperatorStore {
  public:
    explicit SqliteOperatorStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}

    Answer<bool> match_key(const Digest& key_check) override {
        return guarded([&]() -> Answer<bool> { return match_key_check(*database_, key_check); });
    }

    Answer<void> create_realm(const std::string& realm, UnixSeconds now) override {
        return in_transaction(*database_, [&]() -> Answer<void> {
            if (realm_exists(*database_, realm)) return refuse(ServerErrorCode::RealmExists, realm);
            Query(database_->prepared("INSERT INTO realm (realm, created_at) VALUES (:realm, :now)"))
                .bind(":realm", realm)
                .bind(":now", now.value)
                .run();
            record_event(*database_, now, {realm, kNobody, "realm.created", "", "", ""});
            return {};
        });
    }

    Answer<std::vector<std::string>> list_realms() override {
        return guarded([&]() -> Answer<std::vector<std::string>> {
            Query query(database_->prepared("SELECT realm FROM realm ORDER BY realm"));
            std::vector<std::string> realms;
            while (query.step()) realms.push_back(query.text(0));
            return realms;
        });
    }

    Answer<void> add_app_key(const AppKeyRecord& key) override {
        return in_transaction(*database_, [&]() -> Answer<void> {
            if (!realm_exists(*database_, key.realm)) return refuse(ServerErrorCode::RealmUnknown, key.realm);
            Query(database_->prepared("INSERT INTO app_key (realm, app_key, name, scopes, lookup, binding, created_at, "
                                      "allowed_origins) VALUES (:realm, :id, :name, :scopes, :lookup, :binding, :now, "
                                      ":origins)"))
                .bind(":realm", key.realm)
                .bind(":id", key.id)
                .bind(":name", key.name)
                .bind(":scopes", key.scopes)
                .bind(":lookup", std::span<const std::uint8_t>(key.lookup))
                .bind(":binding", std::span<const std::uint8_t>(key.binding))
                .bind(":now", key.created_at.value)
                .bind(":origins", key.allowed_origins)
                .run();
            std::string detail = key.name;
            if (!key.scopes.empty()) detail.append(" scope=").append(key.scopes);
            if (!key.allowed_origins.empty()) detail.append(" origins=").append(key.allowed_origins);
            record_event(*database_, key.created_at, {key.realm, kNobody, "app_key.created", "", key.id, detail});
            return {};
        });
    }

    Answer<std::vector<AppKeyRecord>> list_app_keys(const std::string& realm) override {
        return guarded([&]() -> Answer<std::vector<AppKeyRecord>> {
            if (!realm.empty() && !realm_exists(*database_, realm)) return refuse(ServerErrorCode::RealmUnknown, realm);
            Query query(database_->prepared("SELECT realm, app_key, name, created_at, revoked_at, scopes, allowed_origins FROM app_key "
                                            "WHERE :realm = '' OR realm = :realm ORDER BY realm, created_at, app_key"));
            query.bind(":realm", realm);
            std::vector<AppKeyRecord> keys;
            while (query.step()) {
                AppKeyRecord key;
                key.realm = query.text(0);
                key.id = query.text(1);
                key.name = query.text(2);
                key.created_at = UnixSeconds{query.integer(3)};
                key.scopes = query.text(5);
                key.allowed_origins = query.text(6);
                if (const auto revoked = query.maybe_integer(4)) key.revoked_at = UnixSeconds{*revoked};
                keys.push_back(std::move(key));
            }
            return keys;
        });
    }

    Answer<void> revoke_app_key(const std::string& realm, const std::string& id, UnixSeconds now) override {
        return in_transaction(*database_, [&]() -> Answer<void> {
            // A second revocation keeps the first one's time.
            const bool found = Query(database_->prepared("UPDATE app_key SET revoked_at = coalesce(revoked_at, :now) "
                                                         "WHERE realm = :realm AND app_key = :id RETURNING 1"))
                                   .bind(":now", now.value)
                                   .bind(":realm", realm)
                                   .bind(":id", id)
                                   .run();
            if (!found) return refuse(ServerErrorCode::AppKeyUnknown, id);
            // A stolen key may have opened sessions for anybody; which ones is not recorded.
            Query(database_->prepared("DELETE FROM session WHERE realm = :realm")).bind(":realm", realm).run();
            record_event(*database_, now, {realm, kNobody, "app_key.revoked", "", id, ""});
            return {};
        });
    }

    Answer<void> confirm_clock(UnixSeconds wall) override {
        return in_transaction(*database_, [&]() -> Answer<void> {
            const StoreState before = read_state(*database_);
            Query(database_->prepared("UPDATE state SET high_water = :wall, clock_confirms = clock_confirms + 1"))
                .bind(":wall", wall.value)
                .run();
            record_event(*database_, wall,
                         {kNobody, kNobody, "clock.confirmed", "", "",
                          "mark " + std::to_string(before.high_water.value) + " to " + std::to_string(wall.value)});
            return {};
        });
    }

    Answer<PolicyRecord> policy(const std::string& realm) override {
        return guarded([&]() -> Answer<PolicyRecord> {
            const auto found = find_policy(*database_, realm);
            if (!found) return refuse(ServerErrorCode::RealmUnknown, realm);
            return *found;
        });
    }

    Answer<std::vector<PolicyRecord>> policy_history(const std::string& realm) override {
        return guarded([&]() -> Answer<std::vector<PolicyRecord>> {
            if (!realm_exists(*database_, realm)) return refuse(ServerErrorCode::RealmUnknown, realm);
            return list_policies(*database_, realm);
        });
    }

    Answer<PolicyRecord> save_policy(const PolicyChange& change) override {
        return in_transaction(*database_, [&]() -> Answer<PolicyRecord> {
            if (!realm_exists(*database_, change.realm)) return refuse(ServerErrorCode::RealmUnknown, change.realm);
            auto saved = insert_policy(*database_, change);
            if (!saved) return refuse(ServerErrorCode::PolicyVersionChanged);
            return std::move(*saved);
        });
    }

    Answer<ChangeResult> issue_backup_code(const BackupCodeIssue& issue) override {
        return in_transaction(*database_, [&]() -> Answer<ChangeResult> {
            if (!realm_exists(*database_, issue.realm)) return refuse(ServerErrorCode::RealmUnknown, issue.realm);
            return server::issue_backup_code(*database_, issue);
        });
    }

  private:
    std::unique_ptr<Database> database_;
};

}  // namespace

Answer<std::unique_ptr<OperatorStore>> open_operator_store(const std::string& data_directory, bool create) {
    auto database = open_operator_database(data_directory, create);
    if (!database) return tl::unexpected(std::move(database.error()));
    return std::make_unique<SqliteOperatorStore>(std::move(*database));
}

}  // namespace countersign::server
