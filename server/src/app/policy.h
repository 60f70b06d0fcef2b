// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "countersign/second_factor_policy.h"

namespace countersign::server {

/// One way of Forgot My Phone (A2, A3, A4).
enum class Alternate : unsigned char { Kba, KbaEmail, Email };
inline constexpr int kAlternateCount = 3;

/// `kba`, `kba_email`, `email`: as documents and answers spell them.
[[nodiscard]] std::string_view alternate_name(Alternate alternate) noexcept;
[[nodiscard]] std::optional<Alternate> parse_alternate(std::string_view name) noexcept;

/// Any of the three; a small value.
class AlternateSet {
  public:
    constexpr AlternateSet() noexcept = default;
    constexpr AlternateSet(std::initializer_list<Alternate> members) noexcept {
        for (const Alternate member : members) bits_ |= bit(member);
    }
    [[nodiscard]] constexpr bool has(Alternate alternate) const noexcept { return (bits_ & bit(alternate)) != 0; }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr void add(Alternate alternate) noexcept { bits_ |= bit(alternate); }
    /// What is in both.
    [[nodiscard]] constexpr AlternateSet operator&(AlternateSet other) const noexcept {
        AlternateSet both;
        both.bits_ = static_cast<unsigned char>(bits_ & other.bits_);
        return both;
    }
    constexpr bool operator==(const AlternateSet&) const noexcept = default;

  private:
    static constexpr unsigned char bit(Alternate alternate) noexcept {
        return static_cast<unsigned char>(1U << static_cast<unsigned>(alternate));
    }
    unsigned char bits_ = 0;
};

/// Which security codes sign in, where they do (A7, A8, A9).
enum class CodeKind : unsigned char { Static, Backup, Both };

/// `static`, `backup`, `both`.
[[nodiscard]] std::string_view code_kind_name(CodeKind kind) noexcept;
[[nodiscard]] std::optional<CodeKind> parse_code_kind(std::string_view name) noexcept;

/// What an administrator decides (A1 to A12): one document, saved whole or not at all. Version, time and author
/// are the store's. A switch that is off leaves what is below it as it is, so that it can be switched on again.
/// All ranges are inclusive.
struct Policy {
    struct LoginMethods {  ///< A12
        bool totp = true;
        bool email = false;
        bool operator==(const LoginMethods&) const = default;
    };
    struct ForgotPhone {  ///< A1
        bool enabled = false;
        Alternate alternate = Alternate::KbaEmail;     ///< the administrator's selection: A2, A3 or A4
        bool user_choice = false;                      ///< A5
        AlternateSet offered = {Alternate::KbaEmail};  ///< what is ticked; counts with `user_choice` only
        bool operator==(const ForgotPhone&) const = default;
    };
    struct SecurityCodes {  ///< A6
        bool enabled = false;
        CodeKind kind = CodeKind::Static;
        int backup_code_hours = 24;  ///< 1 to 168 (R3)
        bool operator==(const SecurityCodes&) const = default;
    };
    struct Kba {
        int questions = 3;  ///< 1 to 10
        bool catalog = true;  ///< questions of our list
        bool own = false;     ///< questions that users write
        bool operator==(const Kba&) const = default;
    };
    struct Totp {
        int past_steps = 1;    ///< 0 to 1: steps of network delay (RFC 6238, 5.2); 0 for ASVS 6.5.5
        int future_steps = 1;  ///< 0 to 1
        bool operator==(const Totp&) const = default;
    };
    struct EmailCodes {
        int digits = 6;          ///< 6 to 8
        int life_seconds = 600;  ///< 60 to 600
        int tries = 5;           ///< 1 to 5 guesses at one code
        bool operator==(const EmailCodes&) const = default;
    };
    struct Counting {  ///< R9, R13; of each credential
        int pause_from_failure = 5;     ///< 1 to 10: this failure in a row begins the first pause
        int pause_start_seconds = 30;   ///< 30 to 3600; doubled by each further failure
        int pause_cap_seconds = 3600;   ///< `pause_start_seconds` to 86400
        int notice_at = 50;             ///< 10 to 99: this failure within 30 days is told to the owner
        int disable_at = 100;           ///< 20 to 100, over `notice_at`: this one disables the credential
        bool operator==(const Counting&) const = default;
    };

    LoginMethods login_methods;
    bool allow_none = false;     ///< the last method may be removed (R6)
    bool require_setup = false;  ///< a user without a second factor has to set one up at login (U5)
    ForgotPhone forgot_phone;
    SecurityCodes security_codes;
    Kba kba;
    Totp totp;
    EmailCodes email_codes;
    Counting counting;
    int recovery_hold_hours = 24;   ///< 0 to 168: what a step-up by a fallback may not yet do (R2)
    int alternate_hold_hours = 24;  ///< 0 to 168: before a changed alternate address works (R23)

    bool operator==(const Policy&) const = default;
};

/// One contradiction in a policy.
struct PolicyFault {
    std::string_view code;      ///< stable
    std::string_view field;     ///< the field's place in the document, with dots
    std::string_view sentence;  ///< for the administrator
};

/// Says whether a policy can be meant: the first contradiction, in the order of the document, or none.
///
/// Codes: `policy.no_login_method`, `policy.none_but_required`, `policy.selected_not_offered`,
/// `policy.no_questions`, `policy.pause_cap_too_low`, `policy.disabled_before_notice`, `policy.out_of_range`.
[[nodiscard]] std::optional<PolicyFault> find_fault(const Policy& policy) noexcept;

/// The alternates that are open to a user who has set them up: the selected one; where users choose, what is
/// both ticked and picked. A user's pick is intersected here, each time it is read (R11), so one that is no
/// longer ticked opens nothing, and a user who picks nothing has the selected one.
/// @param picked  one, or several to switch among in Forgot My Phone; empty when the user never chose
[[nodiscard]] AlternateSet effective_alternates(const Policy& policy, AlternateSet picked) noexcept;

/// What users can have open at most: the selected alternate; where they choose, what is ticked.
[[nodiscard]] AlternateSet offered_alternates(const Policy& policy) noexcept;
/// Whether one of these has security questions in it.
[[nodiscard]] bool asks_questions(const Policy& policy) noexcept;

[[nodiscard]] bool allows_static_codes(const Policy& policy) noexcept;
/// Also whether administrators have the action Generate Backup Code (A11).
[[nodiscard]] bool allows_backup_codes(const Policy& policy) noexcept;

/// The same policy as `guess_budget` and the standards' verdict read it.
[[nodiscard]] SecondFactorPolicy second_factor_policy(const Policy& policy) noexcept;

}  // namespace countersign::server
