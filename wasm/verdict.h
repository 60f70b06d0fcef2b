// SPDX-License-Identifier: Apache-2.0
// The answer to a code as JavaScript sees it.
#pragma once

#include <cstdint>
#include <optional>

#include "countersign/totp.h"
#include "parameters.h"
#include "values.h"

namespace countersign::wasm {

inline val verdict_to_js(const Verdict& verdict) {
    val value = val::object();
    value.set("outcome", text_to_js(outcome_name(verdict.outcome)));
    value.set("timeStep", number_of(verdict.step));
    return value;
}

/// The last used step, where there is one.
inline std::optional<TimeStep> step_from(bool given, double step) {
    if (!given) return std::nullopt;
    return TimeStep{static_cast<std::int64_t>(step)};
}

}  // namespace countersign::wasm
