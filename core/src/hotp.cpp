// SPDX-License-Identifier: Apache-2.0
#include "countersign/hotp.h"

#include <algorithm>
#include <limits>

#include "one_time_code.h"

namespace countersign {
namespace {

constexpr std::uint64_t kLastCounter = std::numeric_limits<std::uint64_t>::max();

CodeShape shape_of(const HotpParameters& parameters) noexcept {
    return {parameters.algorithm, parameters.digits, Spelling::Decimal};
}

Result<void> check(SecretView secret, const HotpParameters& parameters) noexcept {
    if (auto sound = check_shape(shape_of(parameters)); !sound) return sound;
    return check_secret(secret);
}

/// At most `count` counters, from the one after the last used on; fewer where the counters end.
CounterRange counters_after(std::optional<std::uint64_t> last_used, std::uint64_t count) noexcept {
    if (!last_used) return {0, count};
    return {*last_used + 1, std::min(count, kLastCounter - *last_used)};  // the sum wraps only with none left
}

}  // namespace

Result<Secret> generate_hotp(SecretView secret, std::uint64_t counter, const HotpParameters& parameters) {
    if (const auto sound = check(secret, parameters); !sound) return fail(sound.error().code);
    Candidate candidate(secret, shape_of(parameters));
    candidate.make(counter);
    return Secret(candidate.text());
}

Result<HotpVerdict> verify_hotp(SecretView secret, std::string_view code, const HotpVerifyOptions& options) {
    const CodeShape shape = shape_of(options.parameters);
    if (const auto sound = check(secret, options.parameters); !sound) return fail(sound.error().code);
    if (options.look_ahead < 0 || options.look_ahead > kMaxLookAhead) return fail(ErrorCode::WindowOutOfRange);
    if (const auto sound = check_code(code, shape); !sound) return fail(sound.error().code);

    Candidate candidate(secret, shape);
    const auto count = static_cast<std::uint64_t>(options.look_ahead) + 1;
    const auto fresh = find_code(candidate, code, counters_after(options.last_used, count));
    const CounterRange last{options.last_used.value_or(0), options.last_used ? std::uint64_t{1} : 0};
    const auto used = find_code(candidate, code, last);
    if (fresh) return HotpVerdict{Outcome::Accepted, *fresh};
    if (used) return HotpVerdict{Outcome::Replayed, *used};
    return HotpVerdict{};
}

Result<HotpVerdict> resync_hotp(SecretView secret, std::string_view first, std::string_view second,
                                const HotpResyncOptions& options) {
    const CodeShape shape = shape_of(options.parameters);
    if (const auto sound = check(secret, options.parameters); !sound) return fail(sound.error().code);
    if (options.reach < 0 || options.reach > kMaxResyncReach) return fail(ErrorCode::WindowOutOfRange);
    for (const auto code : {first, second})
        if (const auto sound = check_code(code, shape); !sound) return fail(sound.error().code);

    Candidate candidate(secret, shape);
    const auto count = static_cast<std::uint64_t>(options.reach) + 2;  // the first code's, and one more
    const auto counter = find_pair(candidate, first, second, counters_after(options.last_used, count));
    return counter ? HotpVerdict{Outcome::Accepted, *counter} : HotpVerdict{};
}

}  // namespace countersign
