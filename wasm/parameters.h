// SPDX-License-Identifier: Apache-2.0
// Numbers of JavaScript as the core's types. A time or a step crosses as a double, which is exact up to
// 2^53; the TypeScript side lets nothing else through. A counter of 64 bits crosses in two halves.
#pragma once

#include <cstdint>

#include "countersign/totp.h"

namespace countersign::wasm {

/// The halves of a 64-bit number, each exact in JavaScript.
struct Halves {
    std::uint32_t high;
    std::uint32_t low;
};

inline Halves halves_of(std::uint64_t value) {
    return {static_cast<std::uint32_t>(value >> 32), static_cast<std::uint32_t>(value)};
}

inline std::uint64_t whole_of(Halves halves) {
    return (static_cast<std::uint64_t>(halves.high) << 32) | halves.low;
}

/// @param algorithm  an index into `algorithms()`; anything else is `otp.algorithm_unknown`
inline Result<TotpParameters> parameters_from(int algorithm, int digits, double period_seconds) {
    if (algorithm < 0 || algorithm > static_cast<int>(Algorithm::Sha512)) {
        return fail(ErrorCode::AlgorithmUnknown);
    }
    return TotpParameters{static_cast<Algorithm>(algorithm), digits,
                          static_cast<std::int64_t>(period_seconds)};
}

inline UnixSeconds time_from(double seconds) { return {static_cast<std::int64_t>(seconds)}; }

inline double number_of(TimeStep step) { return static_cast<double>(step.value); }

}  // namespace countersign::wasm
