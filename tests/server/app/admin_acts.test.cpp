// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "app/administrators.h"
#include "app/store.h"
#include "store/admin_acts.h"
#include "store/audit.h"
#include "store/database.h"
#include "store/policy_rows.h"
#include "store/rows.h"
#include "store/schema.h"
#include "temporary_directory.h"

// What an administrator does, at the store: his code and his act, both or neither.

using namespace countersign;
using namespace countersign::server;

namespace {

constexpr UnixSeconds kNow{1'800'000'000};
constexpr std::int64_t kStep = 60'000'000;
constexpr UnixSeconds kNoFloor{-86400};

const std::string kRealm = "default";

class Office {
  public:
    Office() : database(directory.file("countersign.sqlite"), Role::Writer) {
        REQUIRE(migrate(database).has_value());
        add("root", "crd_root");
        add("ann", "crd_ann");
        add("peer", "crd_peer");
        SessionRecord session;
        session.realm = "default";
        session.user = "root";
        session.id = "ses_root";
        session.purpose = "admin";
        session.created_at = kNow;
        session.expires_at = UnixSeconds{kNow.value + 600};
        insert_session(database, session);
        for (const std::string user : {"root", "peer"}) {
            record_event(database, kNow, {kRealm, user, kAdminOpened, "", "", ""});
        }
    }

    void add(const std::string& user, const std::string& id) {
        CredentialRecord row;
        row.realm = kRealm;
        row.user = user;
        row.id = id;
        row.method = std::string("totp");
        row.status = CredentialStatus::Active;
        row.key_id = std::string("k");
        row.sealed = {1};
        insert_credential(database, row);
    }

    template <class Act>
    auto in_transaction(Act act) {
        WriteTransaction transaction(database);
        auto outcome = act();
        transaction.commit();
        return outcome;
    }
    AdminOutcome save(const AdminPolicySave& act, CountOnly only = CountOnly::No) {
        return in_transaction([&] { return save_policy(database, act, kNoFloor, only); });
    }
    AdminOutcome issue(const AdminCodeIssue& act) {
        return in_transaction([&] { return issue_backup_code(database, act, kNoFloor); });
    }
    std::int64_t number(const std::string& sql) { return database.connection().execAndGet(sql).getInt64(); }
    std::int64_t last_step() { return number("SELECT last_step FROM credential WHERE user = 'root'"); }

    TemporaryDirectory directory;
    Database database;
};

LoginAttempt code_of(Outcome outcome) { return {"default", "root", "totp", true, kNow, {{"crd_root", outcome, TimeStep{kStep}}}}; }

AdminPolicySave save_of(std::int64_t version, std::optional<LoginAttempt> code) {
    return {"default", "root", "ses_root", {"default", "{}", "root", kNow, version}, std::move(code)};
}

AdminCodeIssue issue_of(const std::string& user, Outcome outcome = Outcome::Accepted) {
    AdminCodeIssue act{"default", "root", "ses_root", {}, code_of(outcome)};
    act.issue = {"default", user, "crd_backup", "k", kNow, UnixSeconds{kNow.value + 3600}, 0, {}, "root", "lost"};
    return act;
}

}  // namespace

TEST_CASE("a code and the policy it was given for: both or neither [R3] [L18] [R11]") {
    Office office;
    CHECK(office.save(save_of(3, code_of(Outcome::Accepted))).result == ChangeResult::PolicyChanged);
    CHECK(office.last_step() == -1);
    const AdminOutcome refused = office.save(save_of(0, code_of(Outcome::Rejected)));
    CHECK(refused.code_refused);
    CHECK(office.number("SELECT failures FROM credential WHERE user = 'root'") == 1);
    CHECK(office.number("SELECT count(*) FROM policy") == 0);
    const AdminOutcome saved = office.save(save_of(0, code_of(Outcome::Accepted)));
    CHECK_FALSE(saved.code_refused);
    CHECK(saved.result == ChangeResult::Done);
    CHECK(saved.version == 1);
    CHECK(office.last_step() == kStep);
    CHECK(office.save(save_of(1, code_of(Outcome::Accepted))).code_refused);
    CHECK(office.number("SELECT count(*) FROM policy") == 1);
}

TEST_CASE("the count that is repeated after a failed write saves no policy and spares a right code [R10]") {
    Office office;
    static_cast<void>(office.save(save_of(0, code_of(Outcome::Rejected)), CountOnly::Yes));
    CHECK(office.number("SELECT failures FROM credential WHERE user = 'root'") == 1);
    static_cast<void>(office.save(save_of(0, code_of(Outcome::Accepted)), CountOnly::Yes));
    CHECK(office.last_step() == -1);
    CHECK(office.number("SELECT count(*) FROM policy") == 0);
}

TEST_CASE("a code and the backup code it was given for: both or neither, and on no administrator [R3] [L18]") {
    Office office;
    CHECK(office.issue(issue_of("nobody")).result == ChangeResult::NoMethod);
    AdminCodeIssue stale = issue_of("ann");
    stale.issue.policy_version = 5;
    CHECK(office.issue(stale).result == ChangeResult::PolicyChanged);
    CHECK(office.issue(issue_of("root")).result == ChangeResult::OnAdministrator);
    CHECK(office.issue(issue_of("peer")).result == ChangeResult::OnAdministrator);
    CHECK(office.last_step() == -1);
    CHECK(office.issue(issue_of("ann", Outcome::Rejected)).code_refused);
    CHECK(office.number("SELECT count(*) FROM security_code") == 0);
    const AdminOutcome issued = office.issue(issue_of("ann"));
    CHECK(issued.result == ChangeResult::Done);
    CHECK_FALSE(issued.code_refused);
    CHECK(office.last_step() == kStep);
    CHECK(office.number("SELECT count(*) FROM security_code") == 1);
}

TEST_CASE("acts need the session they name, in the transaction itself [R3] [R17]") {
    Office office;
    office.database.connection().exec("UPDATE session SET expires_at = 1800000000");
    CHECK(office.save(save_of(0, {})).result == ChangeResult::SessionGone);
    CHECK(office.issue(issue_of("ann")).result == ChangeResult::SessionGone);
    const auto lifted = office.in_transaction([&] {
        return unlock(office.database, {"default", "root", "ses_root", "ann", "crd_ann", kNow}, kNoFloor);
    });
    CHECK(lifted == ChangeResult::SessionGone);
    CHECK(office.number("SELECT count(*) FROM policy") == 0);
}

TEST_CASE("unlocking lifts the delay of one active method and forgets no failure [R13] [R3]") {
    Office office;
    office.database.connection().exec("UPDATE credential SET not_before = 1800000900, failures = 9, window_failures = 60");
    const auto lift = [&](const std::string& user, const std::string& credential) {
        return office.in_transaction([&] {
            return unlock(office.database, {"default", "root", "ses_root", user, credential, kNow}, kNoFloor);
        });
    };
    CHECK(lift("peer", "crd_peer") == ChangeResult::OnAdministrator);
    CHECK(lift("root", "crd_root") == ChangeResult::OnAdministrator);
    CHECK(lift("ann", "crd_peer") == ChangeResult::Unknown);
    CHECK(lift("ann", "crd_ann") == ChangeResult::Done);
    CHECK(office.number("SELECT count(*) FROM credential WHERE not_before = 0") == 1);
    CHECK(office.number("SELECT failures + window_failures FROM credential WHERE user = 'ann'") == 69);
    office.database.connection().exec("UPDATE credential SET status = 'disabled', not_before = 1800000900 WHERE user = 'ann'");
    CHECK(lift("ann", "crd_ann") == ChangeResult::Disabled);
    CHECK(office.number("SELECT not_before FROM credential WHERE user = 'ann'") == 1800000900);
    CHECK(office.number("SELECT count(*) FROM credential WHERE status = 'disabled'") == 1);
    CHECK(office.number("SELECT count(*) FROM audit WHERE event = 'credential.unlocked' AND detail = 'who=root'") == 1);
}

TEST_CASE("who acted within 90 days is an administrator, and who did before is none [R3]") {
    Office office;
    const auto is_one = [&](std::int64_t later) {
        return is_administrator(office.database, kRealm, "peer", UnixSeconds{kNow.value + later});
    };
    CHECK(is_one(0));
    CHECK(is_one(90 * 86400 - 1));
    CHECK_FALSE(is_one(90 * 86400));
    CHECK_FALSE(is_administrator(office.database, "elsewhere", "peer", kNow));
    CHECK_FALSE(is_administrator(office.database, kRealm, "ann", kNow));
}

TEST_CASE("scopes are whole words of the four, in one order [R3]") {
    CHECK(join_scopes({"audit", "policy", "audit"}) == "policy,audit");
    CHECK(join_scopes({"policy", "unlock", "codes", "audit"}) == "policy,unlock,codes,audit");
    CHECK_FALSE(join_scopes({}));
    CHECK_FALSE(join_scopes({"policy", ""}));
    CHECK_FALSE(join_scopes({"policy,audit"}));
    CHECK(has_scope("policy,audit", "audit"));
    CHECK(has_scope("admin", "admin"));
    CHECK_FALSE(has_scope("policy,audit", "polic"));
    CHECK_FALSE(has_scope("policy,audit", "policy,audit"));
    CHECK_FALSE(has_scope("", ""));
}
