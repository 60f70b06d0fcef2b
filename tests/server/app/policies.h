// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "app/policy.h"

// Every policy that differs in a switch, for tests that try them all.

namespace countersign::server {

inline std::array<AlternateSet, 8> every_alternate_set() {
    std::array<AlternateSet, 8> sets;
    for (unsigned bits = 0; bits < 8; ++bits)
        for (unsigned i = 0; i < 3; ++i)
            if ((bits >> i & 1U) != 0) sets[bits].add(static_cast<Alternate>(i));
    return sets;
}

/// Calls `see` with each setting of A12, A1 to A5 and A6 to A9, sound or not: 1,536 of them.
template <class See>
void each_policy(See see) {
    Policy policy;
    for (unsigned login = 0; login < 4; ++login) {
        policy.login_methods = {(login & 1U) != 0, (login & 2U) != 0};
        for (unsigned codes = 0; codes < 4; ++codes) {
            policy.security_codes.enabled = codes != 0;
            policy.security_codes.kind = static_cast<CodeKind>(codes == 0 ? 0 : codes - 1);
            for (unsigned selected = 0; selected < 3; ++selected) {
                for (unsigned flags = 0; flags < 4; ++flags) {
                    for (const AlternateSet offered : every_alternate_set()) {
                        policy.forgot_phone = {(flags & 1U) != 0, static_cast<Alternate>(selected), (flags & 2U) != 0, offered};
                        see(static_cast<const Policy&>(policy));
                    }
                }
            }
        }
    }
}

}  // namespace countersign::server
