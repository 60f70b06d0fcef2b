// SPDX-License-Identifier: Apache-2.0
#include "app/people.h"

#include <algorithm>
#include <utility>

#include "app/change_refusal.h"
#include "app/contact.h"
#include "app/key_unlock.h"
#include "app/keys.h"
#include "app/master_key.h"
#include "app/older_store.h"
#include "app/refusal.h"
#include "app/seed_box.h"
#include "app/text_rules.h"
#include "app/tokens.h"

namespace countersign::server {
namespace {

constexpr int kJudgings = 3;

/// The last step that another system may have taken already: of an authenticator whose clock runs ahead, the next one.
TimeStep last_spent(UnixSeconds now, std::int64_t period_seconds) { return TimeStep{now.value / period_seconds + 1}; }

SeedPlace place_of(const CredentialRecord& c) { return {c.realm, c.user, c.method, c.id, c.key_id}; }

class LocalPeople final : public People {
  public:
    LocalPeople(std::optional<Keys> keys, PolicyForm form, std::unique_ptr<PeopleStore> store,
                std::shared_ptr<const Clock> clock)
        : keys_(std::move(keys)), form_(form), store_(std::move(store)), clock_(std::move(clock)) {}

    UnixSeconds now() const override { return clock_->wall(); }

    Answer<std::vector<Person>> list(const std::string& realm, const std::string& after, std::int64_t most) override {
        return store_->list({realm, after, most, now()});
    }
    Answer<Person> find(const std::string& realm, const std::string& user) override {
        if (!check_user(user)) return refuse(ServerErrorCode::UserUnknown);
        return store_->find(realm, user, now());
    }
    std::optional<std::string> address_of(const ContactRecord& contact) const override {
        return keys_ ? open_contact(*keys_, contact) : std::nullopt;
    }
    std::optional<std::string> address_of(const CredentialRecord& credential) const override {
        if (!keys_ || (credential.method != kEmail && credential.method != kAlternateEmail)) return std::nullopt;
        return open_address(*keys_, place_of(credential), credential.sealed);
    }

    Answer<std::vector<OpenedSeed>> open_seeds(const Person& person) const override {
        if (!keys_) return refuse(ServerErrorCode::MasterKeyUnusable, "none was given");
        std::vector<OpenedSeed> seeds;
        for (const HeldMethod& held : person.methods) {
            const CredentialRecord& c = held.credential;
            if (c.method != "totp" || c.status == CredentialStatus::Pending) continue;
            auto seed = open_seed(*keys_, place_of(c), c.sealed);
            if (!seed && keys_->previous() == nullptr && c.key_id != keys_->id()) {
                return refuse(ServerErrorCode::MasterKeyPreviousNeeded, "the seed of " + c.id + " is sealed under key " + c.key_id);
            }
            if (!seed) return refuse(ServerErrorCode::MasterKeyMismatch, "the seed of " + c.id + " does not open");
            seeds.push_back({&held, std::move(*seed)});
        }
        return seeds;
    }

    Answer<void> note_export(const std::string& realm, const std::string& user, bool with_seeds) override {
        return store_->note_export(realm, user, with_seeds ? "who=operator seeds=yes" : "who=operator seeds=no", now());
    }

    Answer<ErasedPerson> erase(const std::string& realm, const std::string& user) override {
        if (!keys_) return refuse(ServerErrorCode::MasterKeyUnusable, "none was given");
        if (!check_user(user)) return refuse(ServerErrorCode::UserUnknown);
        return store_->erase({realm, user, make_random_id("del_"), now(), erasure_proof(*keys_)});
    }

    Answer<PeopleImportReport> import(const std::string& realm, ImportBatch batch,
                                      const ImportOptions& options) override {
        if (!keys_) return refuse(ServerErrorCode::MasterKeyUnusable, "none was given");
        const auto known = store_->has_realm(realm);
        if (!known) return tl::unexpected(known.error());
        if (!*known) return refuse(ServerErrorCode::RealmUnknown, is_realm_name(realm) ? realm : "");
        if (options.on_existing != OnExisting::Add) refuse_repeated_users(batch);
        PeopleImportReport report;
        if (options.skip_bad) report.bad = std::exchange(batch.bad, {});
        const auto rows = all_or_none(std::move(batch));
        if (!rows) return tl::unexpected(rows.error());
        PeopleImport import{realm, {}, options.on_existing, now()};  // sealed before the transaction
        for (const ImportRow& row : *rows) add_row(import, row, options.fresh);
        auto done = store_->import(import);
        if (!done) return tl::unexpected(std::move(done.error()));
        report.imported = done->imported;
        report.existing = std::move(done->skipped);
        return report;
    }

    Answer<std::vector<std::string>> enrolled_among(const std::string& realm,
                                                    const std::vector<std::string>& users) override {
        return store_->enrolled_among(realm, users);
    }

    Answer<void> remove_method(const std::string& realm, const std::string& user,
                               const std::string& credential) override {
        if (auto known = find(realm, user); !known) return tl::unexpected(std::move(known.error()));
        for (int i = 0; i < kJudgings; ++i) {
            const auto record = store_->policy(realm);
            if (!record) return tl::unexpected(record.error());
            const auto policy = read_policy_in_force(form_, *record);
            if (!policy) return tl::unexpected(policy.error());
            const auto removed = store_->remove_method({realm, user, credential, now(), policy->version,
                                                        {policy->policy.login_methods, policy->policy.allow_none}});
            if (!removed) return tl::unexpected(removed.error());
            if (*removed == ChangeResult::Done) return {};
            if (*removed != ChangeResult::PolicyChanged) return refuse(error_of(*removed));
        }
        return refuse(ServerErrorCode::ServerUnavailable, "the policy keeps changing");
    }

    Answer<void> disable_method(const std::string& realm, const std::string& user,
                                const std::string& credential) override {
        if (auto known = find(realm, user); !known) return tl::unexpected(std::move(known.error()));
        const auto disabled = store_->disable_method({realm, user, credential, now()});
        if (!disabled) return tl::unexpected(disabled.error());
        if (*disabled == ChangeResult::Done) return {};
        return refuse(error_of(*disabled));
    }

    Answer<std::vector<std::string>> end_pauses(const std::string& realm, const std::string& user,
                                                const std::string& method) override {
        return store_->end_pauses({realm, user, method, now()});
    }

    Answer<std::vector<OutboxEnvelope>> outbox(const std::string& realm, bool dead_only, std::int64_t most) override {
        return store_->outbox(realm, dead_only, most);
    }
    Answer<std::int64_t> retry_mails(const std::string& realm, const std::string& id) override {
        return store_->retry_mails({realm, id, now()});
    }
    Answer<std::int64_t> drop_mails(const std::string& realm, const std::string& id) override {
        return store_->drop_mails({realm, id, now()});
    }

  private:
    /// Rows of one line are one user's.
    void add_row(PeopleImport& import, const ImportRow& row, bool fresh) const {
        if (import.people.empty() || import.people.back().line != row.line) import.people.push_back({row.line, {}, {}});
        PersonImport& person = import.people.back();
        person.credentials.push_back(seal_row(import, row));
        if (!fresh) {
            TimeStep& last = person.credentials.back().last_step;
            last.value = std::max(last.value, last_spent(import.now, row.parameters.period_seconds).value);
        }
        if (row.contact) {
            person.contact = make_contact(*keys_, import.realm, row.user, row.contact->issuer, row.contact->address,
                                          import.now);
        }
    }

    CredentialRecord seal_row(const PeopleImport& import, const ImportRow& row) const {
        CredentialRecord credential;
        credential.realm = import.realm;
        credential.user = row.user;
        credential.id = make_random_id("crd_");
        credential.method = "totp";
        credential.name = row.name;
        credential.status = row.disabled ? CredentialStatus::Disabled : CredentialStatus::Active;
        credential.parameters = row.parameters;
        credential.last_step = row.last_step;
        credential.key_id = keys_->id();
        credential.sealed = seal_seed(*keys_, place_of(credential), row.seed.bytes());
        return credential;
    }

    std::optional<Keys> keys_;
    PolicyForm form_;
    std::unique_ptr<PeopleStore> store_;
    std::shared_ptr<const Clock> clock_;
};

}  // namespace

Answer<std::unique_ptr<People>> People::open(const Place& place, PolicyForm form, std::shared_ptr<const Clock> clock) {
    const KeyFiles files{place.data_directory, place.master_key_file, place.previous_master_key_file};
    std::optional<Keys> keys;
    if (!place.master_key_file.empty()) {
        const auto master = read_master_key(place.master_key_file, place.data_directory);
        if (!master) return tl::unexpected(master.error());
        keys.emplace(master->bytes());
        const auto fit = place.writes ? bring_up_to_date(files) : check_before_upgrade(files);
        if (!fit) return tl::unexpected(fit.error());
    }
    auto store = open_people_store(place.data_directory, place.create);
    if (!store) return tl::unexpected(std::move(store.error()));
    if (keys) {
        auto unlocked = unlock_keys(files, KeyUse::Beside, clock->wall());
        if (!unlocked) return tl::unexpected(std::move(unlocked.error()));
        keys.emplace(std::move(*unlocked));
    }
    return std::make_unique<LocalPeople>(std::move(keys), form, std::move(*store), std::move(clock));
}

}  // namespace countersign::server
