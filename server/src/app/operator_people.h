// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/audit_erasure.h"
#include "app/error.h"
#include "app/login_store.h"
#include "app/outbox_store.h"
#include "app/policy_store.h"
#include "app/store.h"

// What an operator's process asks of a database about people, beside a running server; one transaction a call.

namespace countersign::server {

/// One credential as it stands; what is sealed stays so.
struct HeldMethod {
    CredentialRecord credential;
    std::int64_t failures = 0;         ///< in a row
    std::int64_t window_failures = 0;  ///< within 30 days
    std::int64_t successes = 0;
    std::int64_t uses = 0;             ///< of security questions
    std::int64_t codes_left = 0;       ///< of a set of security codes
    UnixSeconds not_before;            ///< the end of a pause
};

/// All that is stored of one user, but for the audit log.
struct Person {
    std::string realm;
    std::string user;
    std::optional<ContactRecord> contact;
    std::vector<HeldMethod> methods;
    std::string alternates;         ///< what the user picked, with commas
    std::int64_t sessions = 0;      ///< not expired
    std::int64_t challenges = 0;    ///< not expired
    std::int64_t mails = 0;         ///< waiting
};

struct PeoplePage {
    std::string realm;
    std::string after;  ///< a user; the next one, bytewise, comes first. Empty: from the start
    std::int64_t most = 100;
    UnixSeconds now;
};

struct PersonErasure {
    std::string realm;
    std::string user;
    std::string deletion;  ///< a random name, by which erased records and the event that erased them are matched
    UnixSeconds now;
    ErasureProof prove;  ///< of the event that tells it
};

struct ErasedPerson {
    std::vector<std::pair<std::string_view, std::int64_t>> rows;  ///< by table, of which there were any
    std::int64_t audit_records = 0;                               ///< that keep their hash and nothing personal
    bool log_cut = true;  ///< nothing of it stands in the write-ahead log; false: somebody was reading or copying it
};

/// What is done with whom is there already.
enum class OnExisting : unsigned char {
    Refuse,
    Skip,
    Add,  ///< beside what he has, up to `kMaxAuthenticators`
};

/// One user on his way in.
struct PersonImport {
    std::int64_t line = 0;  ///< in the file, for the error
    std::vector<CredentialRecord> credentials;  ///< all of one user
    std::optional<ContactRecord> contact;
};

struct PeopleImport {
    std::string realm;
    std::vector<PersonImport> people;
    OnExisting on_existing = OnExisting::Refuse;
    UnixSeconds now;
};

struct ImportedPeople {
    std::int64_t imported = 0;
    std::vector<std::int64_t> skipped;  ///< lines of users who were there
};

/// An operator's change of one credential.
struct MethodChange {
    std::string realm;
    std::string user;
    std::string credential;
    UnixSeconds now;
    std::int64_t policy_version = 0;  ///< of a removal: judged by it (R11)
    LosingRules rules{};
};

struct PauseEnd {
    std::string realm;
    std::string user;
    std::string method;  ///< empty: of every one
    UnixSeconds now;
};

/// A mail's envelope. Address, code and text are not told.
struct OutboxEnvelope {
    std::string realm;
    std::string user;
    std::string id;
    std::string kind;
    bool dead = false;
    UnixSeconds created_at;
    UnixSeconds next_at;
    std::int64_t attempts = 0;
    std::int64_t reply_code = 0;  ///< of SMTP at the last try; 0: nobody answered, or there was none
};

/// Which mails: one, or all that are dead.
struct OutboxPick {
    std::string realm;
    std::string id;  ///< empty: all dead ones of the realm
    UnixSeconds now;
};

/// Errors of each call: `data.store_failed`, and those that are named.
class PeopleStore {
  public:
    virtual ~PeopleStore() = default;
    [[nodiscard]] virtual Answer<bool> has_realm(const std::string& realm) = 0;
    /// Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<PolicyRecord> policy(const std::string& realm) = 0;

    /// Whoever has a method or an address, in the bytewise order of their names. Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<std::vector<Person>> list(const PeoplePage& page) = 0;
    /// Errors: `user.unknown`.
    [[nodiscard]] virtual Answer<Person> find(const std::string& realm, const std::string& user, UnixSeconds now) = 0;
    /// Deletes every row of a user in every table, and erases what is personal in his records of the audit log (R26).
    /// Errors: `user.unknown`.
    [[nodiscard]] virtual Answer<ErasedPerson> erase(const PersonErasure& erasure) = 0;
    /// Notes that somebody takes people's data out, before he does.
    [[nodiscard]] virtual Answer<void> note_export(const std::string& realm, const std::string& user,
                                                   std::string_view what, UnixSeconds now) = 0;
    /// All or none. Errors: `realm.unknown`, `import.row_invalid`.
    [[nodiscard]] virtual Answer<ImportedPeople> import(const PeopleImport& import) = 0;
    /// Those of these users who have an authenticator.
    [[nodiscard]] virtual Answer<std::vector<std::string>> enrolled_among(const std::string& realm,
                                                                          const std::vector<std::string>& users) = 0;

    /// Done, Unknown, Last or PolicyChanged.
    [[nodiscard]] virtual Answer<ChangeResult> remove_method(const MethodChange& change) = 0;
    /// Done, Unknown, or Disabled when it was.
    [[nodiscard]] virtual Answer<ChangeResult> disable_method(const MethodChange& change) = 0;
    /// @return the credentials whose pause ended. Errors: `user.unknown`.
    [[nodiscard]] virtual Answer<std::vector<std::string>> end_pauses(const PauseEnd& end) = 0;

    /// @param realm  empty for all. @param dead_only  not what waits
    [[nodiscard]] virtual Answer<std::vector<OutboxEnvelope>> outbox(const std::string& realm, bool dead_only,
                                                                     std::int64_t most) = 0;
    /// Puts off no longer what waits. A dead letter has nothing left to send and stays. Errors: `mail.unknown`.
    [[nodiscard]] virtual Answer<std::int64_t> retry_mails(const OutboxPick& pick) = 0;
    /// Errors: `mail.unknown`.
    [[nodiscard]] virtual Answer<std::int64_t> drop_mails(const OutboxPick& pick) = 0;
};

/// Whether there is a store to be opened. Makes nothing.
[[nodiscard]] bool has_store(const std::string& data_directory);

/// Errors: the `data.*` codes.
/// @param create  make directory and store when they do not exist
[[nodiscard]] Answer<std::unique_ptr<PeopleStore>> open_people_store(const std::string& data_directory, bool create);

}  // namespace countersign::server
