// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "app/login_offer.h"

// One login's second factor as a state machine (U6, U11, A2 to A9), without time, store and codes.
//
//                                          +--------------------- lock, cancel, expiry ---> Ended
//   open ---> nothing set up that counts   |
//    |            |                        |   totp, email,
//    |            v                        |   static or backup code,
//    |    EnrollmentRequired               |   kba (A2), alternate email (A4)
//    |                                     |        |
//    +--> Running { proven: nothing } -----+--------+-----------> Running { proven: enough }
//              |                           |                         |              |
//              |  kba (A3)                 |                         | the policy   | redeem
//              v                           |                         | became       v
//         Running { proven: kba } ---------+--- alternate email -->  | stricter   Redeemed
//              ^      only now may mail go to the alternate address  |
//              +-----------------------------------------------------+
//
// A stage says what has been proven and never what comes next (R11): that, and whether it is enough, is asked
// anew of the circumstances at each step, so that a policy saved in between counts at once. Every change is a
// `Step` from one stage to another, which the store carries out by compare-and-set on the stage, in the
// transaction that spends the code: of two at once one is refused whole, its code unspent.

namespace countersign::server {

/// What can be proven in a challenge.
enum class Proof : unsigned char { Totp, Email, Kba, AlternateEmail, StaticCode, BackupCode };
inline constexpr int kProofCount = 6;

/// `totp`, `email`, `kba`, `alternate_email`, `static_code`, `backup_code`.
[[nodiscard]] std::string_view proof_name(Proof proof) noexcept;
/// Stands in for the second factor (R4: the receipt says so).
[[nodiscard]] bool is_fallback(Proof proof) noexcept;

/// Any of them; a small value.
class ProofSet {
  public:
    [[nodiscard]] constexpr bool has(Proof proof) const noexcept { return (bits_ & bit(proof)) != 0; }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    [[nodiscard]] constexpr ProofSet with(Proof proof) const noexcept { return of(bits_ | bit(proof)); }
    [[nodiscard]] constexpr unsigned bits() const noexcept { return bits_; }
    [[nodiscard]] static constexpr ProofSet of(unsigned bits) noexcept {
        ProofSet set;
        set.bits_ = static_cast<unsigned char>(bits & ((1U << kProofCount) - 1));
        return set;
    }
    constexpr bool operator==(const ProofSet&) const noexcept = default;

  private:
    static constexpr unsigned bit(Proof proof) noexcept { return 1U << static_cast<unsigned>(proof); }
    unsigned char bits_ = 0;
};

enum class ChallengeState : unsigned char {
    Running,
    EnrollmentRequired,  ///< final, without a receipt (R6)
    Redeemed,            ///< final; the receipt was used
    Ended,               ///< final: locked (L11), canceled or expired
};

/// What the store keeps and compares.
struct ChallengeStage {
    ChallengeState state = ChallengeState::Running;
    ProofSet proven;
    bool operator==(const ChallengeStage&) const = default;
};

/// A stage as one small number, for a column, and back; nothing for a number that no stage has.
[[nodiscard]] std::int64_t stage_number(const ChallengeStage& stage) noexcept;
[[nodiscard]] std::optional<ChallengeStage> stage_of(std::int64_t number) noexcept;

/// One change: `to` where the stage still is `from`.
struct Step {
    ChallengeStage from;
    ChallengeStage to;
    bool operator==(const Step&) const = default;
};

/// What a page may show and a mailer may send now.
struct ChallengeOffer {
    ProofSet accepted;  ///< what is taken now; empty in a final state and when enough is proven
    bool email_mail = false;      ///< a code may be mailed to the primary address
    bool alternate_mail = false;  ///< and to the alternate one; in A3 only after the questions (R24)
    bool operator==(const ChallengeOffer&) const = default;
};

/// Opens a challenge: running, or `EnrollmentRequired`.
[[nodiscard]] ChallengeStage open_challenge(const LoginCircumstances& at) noexcept;

/// What may come next.
[[nodiscard]] ChallengeOffer challenge_offer(const ChallengeStage& stage, const LoginCircumstances& at) noexcept;

/// The change that an accepted code or answer makes; nothing when it is not taken at this stage, so that it must
/// neither be looked at nor spent.
[[nodiscard]] std::optional<Step> prove(const ChallengeStage& stage, Proof proof, const LoginCircumstances& at) noexcept;

/// Whether what has been proven is enough under these circumstances.
[[nodiscard]] bool is_passed(const ChallengeStage& stage, const LoginCircumstances& at) noexcept;

/// What a receipt says (R4).
struct ReceiptContent {
    ProofSet methods;
    bool fallback = false;  ///< any of them was one; a step-up by it is marked `recovery` (R2)
    bool recovery = false;  ///< an administrator's backup code was used (R3)
    bool operator==(const ReceiptContent&) const = default;
};

/// The content of the receipt that may be issued now; nothing when not enough is proven. The statement that issues
/// it holds the version of the policy that was asked here (R11).
[[nodiscard]] std::optional<ReceiptContent> receipt_content(const ChallengeStage& stage, const LoginCircumstances& at) noexcept;

/// Redeeming: once, and only while what was proven is enough.
[[nodiscard]] std::optional<Step> redeem(const ChallengeStage& stage, const LoginCircumstances& at) noexcept;

/// Ends a running challenge for good; nothing in a final state.
[[nodiscard]] std::optional<Step> end_challenge(const ChallengeStage& stage) noexcept;

}  // namespace countersign::server
