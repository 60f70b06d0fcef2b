// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "countersign/standards.h"

namespace countersign {

/// What requirements ask about a policy.
struct PolicyFacts {
    const SecondFactorPolicy& policy;
    bool kba;          ///< security questions are offered, alone or with mail
    bool kba_alone;
    bool alternate_email;
    bool email;        ///< a mailed code counts somewhere
    bool codes;        ///< security codes sign in
    bool static_codes;
    bool backup_codes;
};

struct Judgment {
    Compliance verdict;
    std::string_view reason;
    PolicySwitch decided_by = PolicySwitch::None;  ///< where it is another switch than the requirement's
};

struct Requirement {
    Standard standard;
    std::string_view id;
    int level;
    PolicySwitch decided_by;
    std::string_view statement;
    Judgment (*judge)(const PolicyFacts& facts);
};

}  // namespace countersign
