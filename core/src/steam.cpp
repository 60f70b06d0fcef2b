// SPDX-License-Identifier: Apache-2.0
#include "countersign/steam.h"

#include "masks.h"
#include "one_time_code.h"

namespace countersign {
namespace {

constexpr CodeShape kShape{Algorithm::Sha1, kSteamSymbols, Spelling::Steam};

Result<TimeStep> check(SecretView secret, UnixSeconds time) noexcept {
    const auto step = time_step_at(time, kSteamPeriodSeconds);
    if (!step) return step;
    if (const auto sound = check_secret(secret); !sound) return fail(sound.error().code);
    return step;
}

}  // namespace

Result<Secret> generate_steam(SecretView secret, UnixSeconds time) {
    const auto step = check(secret, time);
    if (!step) return fail(step.error().code);
    Candidate candidate(secret, kShape);
    candidate.make(static_cast<std::uint64_t>(step->value));
    return Secret(candidate.text());
}

Result<Verdict> verify_steam(SecretView secret, std::string_view code, UnixSeconds now,
                             const SteamVerifyOptions& options) {
    const auto center = check(secret, now);
    if (!center) return fail(center.error().code);
    if (code.size() != kSteamSymbols) return fail(ErrorCode::CodeMalformed);
    Secret typed(code);
    for (auto& symbol : typed.writable()) symbol = static_cast<std::uint8_t>(upper_case(static_cast<char>(symbol)));
    return verify_in_window(secret, typed.text(), kShape,
                            {*center, options.past_steps, options.future_steps, options.last_used});
}

}  // namespace countersign
