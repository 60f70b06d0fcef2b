// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/attempt_purpose.h"
#include "app/digest.h"
#include "app/error.h"
#include "app/login_store.h"
#include "app/outbox_store.h"
#include "app/policy.h"
#include "countersign/totp.h"

// Mailed codes and the addresses they prove, as a store decides on them.

namespace countersign::server {

/// Which mailed code: one for each address and request. Borrowed.
struct MailCodeKey {
    const std::string& realm;
    const std::string& user;
    const std::string& credential;
    const std::string& bound_to;
};

/// A code that is to be mailed. The transaction finds out whether it may be.
struct MailCodeIssue {
    std::string realm;
    std::string user;
    std::string method;
    std::string credential;  ///< the address
    std::string bound_to;    ///< the challenge, or the session of a set-up
    Digest digest{};
    Digest address_hash{};   ///< on which mails are counted
    int tries = 5;
    UnixSeconds now;
    UnixSeconds expires_at;
    OutboxRecord mail;
};

struct MailCodeIssued {
    bool ok = false;
    int retry_after_seconds = 0;  ///< until the next one may go
};

/// One mailed code that came back, at a login or in a challenge.
struct MailCodeTry {
    std::string realm;
    std::string user;
    std::string hidden_user;  ///< its keyed hash, on which it is counted when he has no such address (R14)
    std::string method;
    std::string credential;
    std::string bound_to;
    std::optional<Digest> digest;  ///< nothing: it had not a code's form, and is not counted (R14b)
    UnixSeconds now;
    Policy::Counting counting{};
    AttemptPurpose purpose{};
};

/// An address on its way to be a user's, and the code that goes there.
struct AddressBegin {
    std::string realm;
    std::string user;
    std::string session;
    std::string replaces;             ///< the credential in whose place it comes; empty: none
    std::vector<std::uint8_t> sealed;
    std::string key_id;
    UnixSeconds expires_at;           ///< of the set-up
    std::int64_t policy_version = 0;  ///< which allows it
    MailCodeIssue code;               ///< its credential: a new one, or the session's own for the same address
};

struct AddressBegun {
    ChangeResult result = ChangeResult::SessionGone;
    MailCodeIssued mail;              ///< with Done
    UnixSeconds expires_at;           ///< of the set-up, with Done
    bool stood = false;               ///< this session had begun it before
};

/// A code that confirms an address.
struct AddressConfirm {
    std::string realm;
    std::string user;
    std::string method;
    std::string credential;
    std::string session;
    std::optional<Digest> digest;
    UnixSeconds now;
    UnixSeconds usable_from;
    std::int64_t policy_version = 0;
    Policy::Counting counting{};
    std::string replaces;                    ///< what it was told to replace, so that the right owner is told
    std::optional<OutboxRecord> to_the_old;  ///< told there, when it is replaced (R23)
};

enum class AddressConfirmResult : unsigned char { Done, Wrong, Expired, Wait, Gone, SessionGone, PolicyChanged };

struct AddressConfirmed {
    AddressConfirmResult result = AddressConfirmResult::Gone;
    int retry_after_seconds = 0;
};

/// Ends any credential but an authenticator.
struct MethodRemoval {
    std::string realm;
    std::string user;
    std::string credential;
    std::string session;
    UnixSeconds now;
    std::int64_t policy_version = 0;
    LosingRules rules{};
};

/// The alternates of Forgot My Phone that a user picks (U10).
struct AlternateChoice {
    std::string realm;
    std::string user;
    std::string session;
    std::string alternates;  ///< names with commas
    UnixSeconds now;
    std::int64_t policy_version = 0;
};

class MailStore {
  public:
    virtual ~MailStore() = default;
    /// Names with commas; empty when the user never picked.
    [[nodiscard]] virtual Answer<std::string> find_alternate_choice(const std::string& realm,
                                                                    const std::string& user) = 0;
    virtual void issue_mail_code(MailCodeIssue issue, Reply<MailCodeIssued> reply) = 0;
    virtual void decide_mail_code(MailCodeTry attempt, Reply<LoginDecision> reply) = 0;
    virtual void begin_address(AddressBegin begin, Reply<AddressBegun> reply) = 0;
    virtual void confirm_address(AddressConfirm confirm, Reply<AddressConfirmed> reply) = 0;
    virtual void remove_method(MethodRemoval removal, Reply<ChangeResult> reply) = 0;
    virtual void choose_alternates(AlternateChoice choice, Reply<ChangeResult> reply) = 0;
};

}  // namespace countersign::server
