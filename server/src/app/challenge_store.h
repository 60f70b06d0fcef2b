// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/challenge.h"
#include "app/digest.h"
#include "app/error.h"
#include "app/login_offer.h"
#include "app/policy_store.h"
#include "countersign/totp.h"

namespace countersign::server {

/// One login's second factor, as it is kept. What comes next is never part of it (R11).
struct ChallengeRecord {
    std::string realm;
    std::string user;
    std::string id;
    std::string app_key;          ///< which opened it, and alone may redeem its receipt
    std::string receipt_purpose;  ///< the relying party's word for what is to be allowed
    std::string context;          ///< the relying party's own, handed back with the receipt
    std::string first_factor_method;  ///< empty: none was named (R5)
    UnixSeconds first_factor_at;
    ChallengeStage stage;
    UnixSeconds created_at;
    UnixSeconds expires_at;
    std::optional<UnixSeconds> passed_at;  ///< when enough was proven, by the policy of that moment
    bool fallback = false;
    bool recovery = false;
};

/// What has become of one attempt before.
struct AttemptOutcome {
    bool ok = false;
    UnixSeconds retry_at;
};

struct FoundChallenge {
    ChallengeRecord challenge;
    std::optional<AttemptOutcome> attempt;  ///< of the attempt asked for
};

/// Security questions that have let in so often have to be set up anew (R24).
inline constexpr std::int64_t kMostKbaUses = 3;

/// All that a login is judged by, but for the first factor. The policy is read first: a transaction that holds its
/// version decides by nothing older.
struct FoundCircumstances {
    PolicyRecord policy;
    Holdings holdings;
    AlternateSet picked;
    /// When a recovery last bound an authenticator that the user still has.
    std::optional<UnixSeconds> last_recovered;
};

/// A receipt for a challenge that is passed, in the place of any before it (R4).
struct ReceiptIssue {
    std::string realm;
    std::string user;
    std::string challenge;
    Digest lookup{};
    UnixSeconds now;
    UnixSeconds expires_at;
    std::int64_t policy_version = 0;  ///< judged by it
    std::int64_t stage = 0;           ///< judged at it
};

/// A receipt on its way to be redeemed. All of it stands in the deciding statement.
struct ReceiptUse {
    std::string realm;
    std::string app_key;
    std::string user;
    std::string challenge;
    std::string purpose;
    Digest lookup{};
    UnixSeconds now;
    std::int64_t policy_version = 0;
    std::int64_t stage = 0;     ///< judged at it
    std::int64_t redeemed = 0;  ///< the stage it goes to
    bool fallback = false;      ///< then it is an event
};

enum class ReceiptResult : unsigned char {
    Done,
    Refused,     ///< no such receipt, for whatever reason
    JudgeAgain,  ///< another policy or stage than the one judged by
};

/// Challenges and their receipts. Attempts at a challenge are decided with the code they spend.
class ChallengeStore {
  public:
    virtual ~ChallengeStore() = default;
    /// @param attempt  whose outcome is wanted besides; empty: none
    [[nodiscard]] virtual Answer<std::optional<FoundChallenge>> find_challenge(const std::string& realm,
                                                                               const std::string& user,
                                                                               const std::string& challenge,
                                                                               const std::string& attempt) = 0;
    /// What the user has at `now`, and what the administrator says of it. Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<FoundCircumstances> find_circumstances(const std::string& realm,
                                                                        const std::string& user, UnixSeconds now) = 0;
    virtual void issue_receipt(ReceiptIssue issue, Reply<ReceiptResult> reply) = 0;
    virtual void redeem_receipt(ReceiptUse use, Reply<ReceiptResult> reply) = 0;
};

}  // namespace countersign::server
