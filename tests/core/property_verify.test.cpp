// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "countersign/hotp.h"
#include "countersign/steam.h"
#include "countersign/totp.h"
#include "property.h"

using namespace countersign;

namespace {

std::string code_of_step(const Secret& secret, const TotpParameters& parameters, std::int64_t step) {
    const HotpParameters shape{parameters.algorithm, parameters.digits};
    return std::string(generate_hotp(secret.bytes(), static_cast<std::uint64_t>(step), shape)->text());
}

constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST_CASE("verify accepts the steps of its window, none beyond, and never steps back [R12] [L5] [L20] [L22]",
          "[property][totp]") {
    for_all("totp window", 1000, [](Draw& draw) {
        const Secret secret = draw.secret(1, 80);
        VerifyOptions options{draw.parameters(), static_cast<int>(draw.between(0, 10)),
                              static_cast<int>(draw.between(0, 10)), std::nullopt};
        options.parameters.digits = kMaxDigits;  // so that chance does not match
        const UnixSeconds now{draw.between(0, kMaxUnixSeconds)};
        const std::int64_t center = now.value / options.parameters.period_seconds;
        const std::int64_t distance = draw.between(-12, 12);
        if (center + distance < 0) return;
        const TimeStep step{center + distance};
        const std::string code = code_of_step(secret, options.parameters, step.value);
        const bool inside = -options.past_steps <= distance && distance <= options.future_steps;

        const auto verdict = verify_totp(secret.bytes(), code, now, options).value();
        CHECK((verdict.outcome == Outcome::Accepted) == inside);
        if (!inside) return;
        CHECK(verdict.step == step);
        // What has been used never comes back, whatever else was used after it.
        options.last_used = TimeStep{verdict.step.value + draw.between(0, 20)};
        CHECK(verify_totp(secret.bytes(), code, now, options)->outcome == Outcome::Replayed);
        options.last_used = TimeStep{verdict.step.value - 1};
        CHECK(verify_totp(secret.bytes(), code, now, options)->step == step);
    });
}

TEST_CASE("a larger window accepts no less, and a later last used step no more [R12]", "[property][totp]") {
    for_all("totp monotone", 1000, [](Draw& draw) {
        const Secret secret = draw.secret(1, 80);
        VerifyOptions narrow{draw.parameters(), static_cast<int>(draw.between(0, 9)),
                             static_cast<int>(draw.between(0, 9)), std::nullopt};
        const UnixSeconds now{draw.between(0, kMaxUnixSeconds)};
        const std::int64_t center = now.value / narrow.parameters.period_seconds;
        if (draw.coin()) narrow.last_used = TimeStep{center + draw.between(-12, 12)};
        const std::string code =
            code_of_step(secret, narrow.parameters, std::max<std::int64_t>(0, center + draw.between(-11, 11)));
        VerifyOptions wide = narrow;
        ++wide.past_steps;
        ++wide.future_steps;
        VerifyOptions later = narrow;
        later.last_used = TimeStep{narrow.last_used.value_or(TimeStep{-1}).value + draw.between(0, 5)};

        const auto verdict = verify_totp(secret.bytes(), code, now, narrow).value();
        const auto widened = verify_totp(secret.bytes(), code, now, wide).value();
        if (verdict.outcome == Outcome::Accepted) {
            CHECK(widened.outcome == Outcome::Accepted);
            CHECK(widened.step >= verdict.step);
        }
        if (verdict.outcome != Outcome::Accepted)
            CHECK(verify_totp(secret.bytes(), code, now, later)->outcome != Outcome::Accepted);
    });
}

TEST_CASE("a counter that was accepted is behind for ever, to the end of 64 bits [L5] [L20]", "[property][hotp]") {
    for_all("hotp monotone", 1000, [](Draw& draw) {
        const Secret secret = draw.secret(1, 80);
        HotpVerifyOptions options{{static_cast<Algorithm>(draw.between(0, 2)), kMaxDigits},
                                  static_cast<int>(draw.between(0, 20)), std::nullopt};
        const std::uint64_t last = draw.coin() ? kLast - static_cast<std::uint64_t>(draw.between(0, 25))
                                               : draw.word() >> draw.between(0, 63);
        options.last_used = last;
        const auto ahead = static_cast<std::uint64_t>(draw.between(0, 25));
        const std::uint64_t meant = last + ahead;  // wraps only past the end
        const std::string code(generate_hotp(secret.bytes(), meant, options.parameters)->text());
        const bool inside = ahead >= 1 && ahead <= static_cast<std::uint64_t>(options.look_ahead) + 1 && meant > last;
        const auto verdict = verify_hotp(secret.bytes(), code, options).value();
        INFO("last used " << last << ", meant " << meant);
        CHECK((verdict.outcome == Outcome::Accepted) == inside);
        CHECK((verdict.outcome == Outcome::Replayed) == (ahead == 0));
        if (!inside) return;
        CHECK(verdict.counter == meant);
        options.last_used = verdict.counter;
        CHECK(verify_hotp(secret.bytes(), code, options)->outcome == Outcome::Replayed);
    });
}

TEST_CASE("resync finds two codes next to each other, and only above the last used [L5]", "[property][hotp][totp]") {
    for_all("resync", 300, [](Draw& draw) {
        const Secret secret = draw.secret(1, 80);
        const HotpParameters parameters{static_cast<Algorithm>(draw.between(0, 2)), kMaxDigits};
        const std::uint64_t last = draw.word() >> draw.between(1, 63);
        const auto ahead = static_cast<std::uint64_t>(draw.between(0, 40));
        const HotpResyncOptions options{parameters, static_cast<int>(draw.between(0, 30)), last};
        const std::string first(generate_hotp(secret.bytes(), last + ahead, parameters)->text());
        const std::string second(generate_hotp(secret.bytes(), last + ahead + 1, parameters)->text());
        const bool inside = ahead >= 1 && ahead <= static_cast<std::uint64_t>(options.reach) + 1;
        const auto verdict = resync_hotp(secret.bytes(), first, second, options).value();
        CHECK((verdict.outcome == Outcome::Accepted) == inside);
        if (inside) CHECK(verdict.counter == last + ahead + 1);
        CHECK(resync_hotp(secret.bytes(), second, first, options)->outcome == Outcome::Rejected);
    });
}

TEST_CASE("steam: a made code is accepted once, in either case [R12]", "[property][steam]") {
    for_all("steam round trip", 500, [](Draw& draw) {
        const Secret secret = draw.secret(1, 80);
        const UnixSeconds now{draw.between(0, kMaxUnixSeconds)};
        std::string code(generate_steam(secret.bytes(), now)->text());
        if (draw.coin())
            for (char& c : code)
                if (c >= 'A') c = static_cast<char>(c - 'A' + 'a');
        SteamVerifyOptions options{0, 0, std::nullopt};
        const auto verdict = verify_steam(secret.bytes(), code, now, options).value();
        CHECK(verdict.outcome == Outcome::Accepted);
        CHECK(verdict.step.value == now.value / kSteamPeriodSeconds);
        options.last_used = verdict.step;
        CHECK(verify_steam(secret.bytes(), code, now, options)->outcome == Outcome::Replayed);
    });
}
