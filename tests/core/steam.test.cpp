// SPDX-License-Identifier: Apache-2.0
#include "countersign/steam.h"

#include <array>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "vector_file.h"

using namespace countersign;

namespace {

Answer generate(const VectorCase& vector) {
    const auto code = generate_steam(vector.bytes("Secret"), UnixSeconds{vector.number("Time", 0)});
    if (!code) return error_answer(code.error());
    return {{"Code", std::string(code->text())}};
}

Answer verify(const VectorCase& vector) {
    SteamVerifyOptions options{static_cast<int>(vector.number("Past", 1)),
                               static_cast<int>(vector.number("Future", 1)), {}};
    if (vector.has("LastUsed")) options.last_used = TimeStep{vector.number("LastUsed", 0)};
    const auto verdict = verify_steam(vector.bytes("Secret"), vector.text("Code"),
                                      UnixSeconds{vector.number("Time", 0)}, options);
    if (!verdict) return error_answer(verdict.error());
    Answer answer{{"Outcome", std::string(outcome_name(verdict->outcome))}};
    if (verdict->outcome != Outcome::Rejected) answer["Step"] = std::to_string(verdict->step.value);
    return answer;
}

}  // namespace

TEST_CASE("steam.vec: codes of Steam Guard, made and checked", "[steam][vectors]") {
    run_vectors("steam.vec", {{"generate", generate},
                              {"refused", generate},
                              {"verify", verify},
                              {"verify_refused", verify}});
}

TEST_CASE("every symbol of Steam's alphabet occurs at every place", "[steam]") {
    const Secret secret(std::string_view("12345678901234567890"));
    std::array<std::set<char>, kSteamSymbols> seen;
    for (std::int64_t step = 0; step < 1000; ++step) {
        const auto code = generate_steam(secret.bytes(), UnixSeconds{step * kSteamPeriodSeconds}).value();
        REQUIRE(code.size() == kSteamSymbols);
        for (std::size_t i = 0; i < seen.size(); ++i) seen[i].insert(code.text()[i]);
    }
    for (const auto& symbols : seen)
        CHECK(std::string(symbols.begin(), symbols.end()) == "23456789BCDFGHJKMNPQRTVWXY");
}
