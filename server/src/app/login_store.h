// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/policy.h"
#include "countersign/totp.h"

// What a code and a change come to in a store, whatever they are of.

namespace countersign::server {

struct LoginDecision {
    bool accepted = false;
    bool session_gone = false;   ///< there is none to elevate, or no challenge; the code was neither used nor counted
    bool judge_again = false;    ///< another policy or stage than the one judged by; neither used nor counted (R11)
    UnixSeconds elevated_until;  ///< with `accepted`, when a session was given
    bool recovery = false;       ///< with `accepted`: the session was elevated as a recovery, or the factor is one (R2)
    int retry_after_seconds = 0;
    bool locked = false;    ///< this attempt began a pause
    bool disabled = false;  ///< this attempt was the last allowed within 30 days, or in a row
};

/// What became of a change that a session asked for.
enum class ChangeResult : unsigned char {
    Done,
    SessionGone,
    StepUpRequired,  ///< the user has an authenticator, and the session is not elevated (R2)
    RecoveryOnly,    ///< the session was elevated by a fallback, which does not suffice for this (R2)
    Unknown,         ///< the user has no such authenticator
    TooMany,
    Last,            ///< no other active one would be left (R6)
    NoMethod,        ///< there is no authenticator that a security code could stand in for (R6)
    Repeated,        ///< a code of the new set is one that the user has already
    InForce,         ///< the new set is the one in force, unused: its answer was lost, and it came again
    OnAdministrator, ///< R3: nobody acts on himself or on another administrator
    Disabled,        ///< there is no delay to lift: the credential has ended, and its owner sets it up anew (R13)
    PolicyChanged,   ///< another version is in force than the one judged by (R11)
};

/// What a policy says of removing a method.
struct LosingRules {
    Policy::LoginMethods login_methods;  ///< one that is not let in at login is no second factor to fall back on
    bool allow_none = false;             ///< the last one may go (R6)
};

}  // namespace countersign::server
