// SPDX-License-Identifier: Apache-2.0
#include "countersign/totp.h"

#include <algorithm>

#include "declassify.h"
#include "one_time_code.h"

namespace countersign {
namespace {

CodeShape shape_of(const TotpParameters& parameters) noexcept {
    return {parameters.algorithm, parameters.digits, Spelling::Decimal};
}

Result<TimeStep> check(SecretView secret, UnixSeconds time, const TotpParameters& parameters) noexcept {
    if (const auto sound = check_shape(shape_of(parameters)); !sound) return fail(sound.error().code);
    const auto step = time_step_at(time, parameters.period_seconds);
    if (!step) return step;
    if (const auto sound = check_secret(secret); !sound) return fail(sound.error().code);
    return step;
}

bool in_radius(int steps) noexcept { return steps >= 0 && steps <= kMaxLocateRadius; }

}  // namespace

Result<TimeStep> time_step_at(UnixSeconds time, std::int64_t period_seconds) noexcept {
    if (period_seconds < 1 || period_seconds > kMaxPeriodSeconds) return fail(ErrorCode::PeriodOutOfRange);
    if (time.value < 0 || time.value > kMaxUnixSeconds) return fail(ErrorCode::TimeOutOfRange);
    return TimeStep{time.value / period_seconds};
}

Result<Secret> generate_totp(SecretView secret, UnixSeconds time, const TotpParameters& parameters) {
    const auto step = check(secret, time, parameters);
    if (!step) return fail(step.error().code);
    Candidate candidate(secret, shape_of(parameters));
    candidate.make(static_cast<std::uint64_t>(step->value));
    return Secret(candidate.text());
}

Result<Verdict> verify_totp(SecretView secret, std::string_view code, UnixSeconds now,
                            const VerifyOptions& options) {
    const auto center = check(secret, now, options.parameters);
    if (!center) return fail(center.error().code);
    return verify_in_window(secret, code, shape_of(options.parameters),
                            {*center, options.past_steps, options.future_steps, options.last_used});
}

Result<Verdict> resync_totp(SecretView secret, std::string_view first, std::string_view second, UnixSeconds now,
                            const TotpResyncOptions& options) {
    const CodeShape shape = shape_of(options.parameters);
    const auto center = check(secret, now, options.parameters);
    if (!center) return fail(center.error().code);
    if (!in_radius(options.radius_steps)) return fail(ErrorCode::WindowOutOfRange);
    for (const auto code : {first, second})
        if (const auto sound = check_code(code, shape); !sound) return fail(sound.error().code);

    const std::int64_t last = center->value + options.radius_steps;
    const std::int64_t floor = options.last_used ? std::clamp<std::int64_t>(options.last_used->value, -1, last) : -1;
    const std::int64_t begin = std::max(floor + 1, center->value - options.radius_steps);
    Candidate candidate(secret, shape);
    const auto step = find_pair(candidate, first, second,
                                {static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(last + 1 - begin)});
    if (!step) return Verdict{Outcome::Rejected, TimeStep{0}};
    return Verdict{Outcome::Accepted, TimeStep{static_cast<std::int64_t>(*step)}};
}

Result<std::optional<TimeStep>> locate_totp(SecretView secret, std::string_view code, UnixSeconds now,
                                            int radius_steps, const TotpParameters& parameters) {
    const CodeShape shape = shape_of(parameters);
    const auto center = check(secret, now, parameters);
    if (!center) return fail(center.error().code);
    if (!in_radius(radius_steps)) return fail(ErrorCode::WindowOutOfRange);
    if (const auto sound = check_code(code, shape); !sound) return fail(sound.error().code);

    Candidate candidate(secret, shape);
    std::uint64_t found = 0;
    std::uint64_t nearest = 0;
    const auto look_at = [&](std::int64_t step) {
        candidate.make(static_cast<std::uint64_t>(step));
        const std::uint64_t match = candidate.equals(code);
        assign_where(match, nearest, static_cast<std::uint64_t>(step));
        found |= match;
    };
    for (std::int64_t distance = radius_steps; distance >= 0; --distance) {  // so that the nearest comes last
        look_at(center->value + distance);
        if (center->value >= distance) look_at(center->value - distance);
    }
    if (declassify(found) == 0) return std::optional<TimeStep>{};
    return std::optional<TimeStep>{TimeStep{static_cast<std::int64_t>(declassify(nearest))}};
}

}  // namespace countersign
