// SPDX-License-Identifier: Apache-2.0
#include "app/operator_people.h"

#include <sys/stat.h>

#include <utility>

#include "app/refusal.h"
#include "store/audit.h"
#include "store/directory.h"
#include "store/operator_database.h"
#include "store/operator_erasure.h"
#include "store/operator_import.h"
#include "store/operator_methods.h"
#include "store/operator_outbox.h"
#include "store/operator_person_rows.h"
#include "store/policy_rows.h"

namespace countersign::server {
namespace {

bool is_empty(const Person& person) {
    return !person.contact && person.methods.empty() && person.alternates.empty() && person.sessions == 0 &&
           person.challenges == 0 && person.mails == 0;
}

class SqlitePeopleStore final : public PeopleStore {
  public:
    explicit SqlitePeopleStore(std::unique_ptr<Database> database) : database_(std::move(database)) {
        database_->execute("PRAGMA secure_delete=ON");  // who is deleted leaves nothing in free pages either
    }

    Answer<bool> has_realm(const std::string& realm) override {
        return guarded([&]() -> Answer<bool> { return realm_exists(*database_, realm); });
    }
    Answer<PolicyRecord> policy(const std::string& realm) override {
        return guarded([&]() -> Answer<PolicyRecord> {
            auto found = find_policy(*database_, realm);
            if (!found) return refuse(ServerErrorCode::RealmUnknown, realm);
            return std::move(*found);
        });
    }

    Answer<std::vector<Person>> list(const PeoplePage& page) override {
        return in_snapshot([&]() -> Answer<std::vector<Person>> {
            if (!realm_exists(*database_, page.realm)) return refuse(ServerErrorCode::RealmUnknown, page.realm);
            std::vector<Person> people;
            for (const std::string& user : read_user_names(*database_, page)) {
                people.push_back(read_person(*database_, page.realm, user, page.now));
            }
            return people;
        });
    }
    Answer<Person> find(const std::string& realm, const std::string& user, UnixSeconds now) override {
        return in_snapshot([&]() -> Answer<Person> {
            Person person = read_person(*database_, realm, user, now);
            if (is_empty(person)) return refuse(ServerErrorCode::UserUnknown);
            return person;
        });
    }
    Answer<ErasedPerson> erase(const PersonErasure& erasure) override {
        auto done = in_transaction(*database_, [&]() -> Answer<ErasedPerson> {
            auto erased = erase_person(*database_, erasure);
            if (!erased) return refuse(ServerErrorCode::UserUnknown);
            return std::move(*erased);
        });
        if (done) done->log_cut = cut_log(*database_);
        return done;
    }
    Answer<void> note_export(const std::string& realm, const std::string& user, std::string_view what,
                             UnixSeconds now) override {
        return in_transaction(*database_, [&]() -> Answer<void> {
            if (!realm_exists(*database_, realm)) return refuse(ServerErrorCode::RealmUnknown, realm);
            record_event(*database_, now, {realm, user, "users.exported", "", "", what});
            return {};
        });
    }
    Answer<ImportedPeople> import(const PeopleImport& import) override {
        return in_transaction(*database_, [&]() -> Answer<ImportedPeople> {
            if (!realm_exists(*database_, import.realm)) return refuse(ServerErrorCode::RealmUnknown, import.realm);
            return import_people(*database_, import);
        });
    }
    Answer<std::vector<std::string>> enrolled_among(const std::string& realm,
                                                    const std::vector<std::string>& users) override {
        return in_snapshot([&]() -> Answer<std::vector<std::string>> {
            std::vector<std::string> enrolled;
            for (const std::string& user : users) {
                Query query(database_->prepared("SELECT 1 FROM credential WHERE realm = :realm AND user = :user "
                                                "AND method = 'totp' AND status <> 'pending' LIMIT 1"));
                if (query.bind(":realm", realm).bind(":user", user).run()) enrolled.push_back(user);
            }
            return enrolled;
        });
    }

    Answer<ChangeResult> remove_method(const MethodChange& change) override {
        return in_transaction(*database_, [&]() -> Answer<ChangeResult> {
            return remove_by_operator(*database_, change);
        });
    }
    Answer<ChangeResult> disable_method(const MethodChange& change) override {
        return in_transaction(*database_, [&]() -> Answer<ChangeResult> {
            return disable_by_operator(*database_, change);
        });
    }
    Answer<std::vector<std::string>> end_pauses(const PauseEnd& end) override {
        return in_transaction(*database_, [&]() -> Answer<std::vector<std::string>> {
            if (is_empty(read_person(*database_, end.realm, end.user, end.now))) {
                return refuse(ServerErrorCode::UserUnknown);
            }
            return server::end_pauses(*database_, end);
        });
    }

    Answer<std::vector<OutboxEnvelope>> outbox(const std::string& realm, bool dead_only, std::int64_t most) override {
        return guarded([&]() -> Answer<std::vector<OutboxEnvelope>> {
            if (!realm.empty() && !realm_exists(*database_, realm)) return refuse(ServerErrorCode::RealmUnknown, realm);
            return read_envelopes(*database_, realm, dead_only, most);
        });
    }
    Answer<std::int64_t> retry_mails(const OutboxPick& pick) override {
        return change_mails(pick, [&] { return server::retry_mails(*database_, pick); });
    }
    Answer<std::int64_t> drop_mails(const OutboxPick& pick) override {
        return change_mails(pick, [&] { return server::drop_mails(*database_, pick); });
    }

  private:
    template <class Change>
    Answer<std::int64_t> change_mails(const OutboxPick& pick, Change change) {
        return in_transaction(*database_, [&]() -> Answer<std::int64_t> {
            if (!realm_exists(*database_, pick.realm)) return refuse(ServerErrorCode::RealmUnknown, pick.realm);
            const std::int64_t changed = change();
            if (changed == 0 && !pick.id.empty()) return refuse(ServerErrorCode::MailUnknown);
            return changed;
        });
    }

    /// What is read belongs to one moment.
    template <class Work>
    auto in_snapshot(Work work) -> decltype(work()) {
        return guarded([&]() -> decltype(work()) {
            database_->execute("BEGIN");
            try {
                auto answer = work();
                database_->abandon();
                return answer;
            } catch (...) {
                database_->abandon();
                throw;
            }
        });
    }

    std::unique_ptr<Database> database_;
};

}  // namespace

bool has_store(const std::string& data_directory) {
    struct stat about {};
    return ::stat(database_file(data_directory).c_str(), &about) == 0;
}

Answer<std::unique_ptr<PeopleStore>> open_people_store(const std::string& data_directory, bool create) {
    auto database = open_operator_database(data_directory, create);
    if (!database) return tl::unexpected(std::move(database.error()));
    return guarded([&]() -> Answer<std::unique_ptr<PeopleStore>> {
        return std::make_unique<SqlitePeopleStore>(std::move(*database));
    });
}

}  // namespace countersign::server
