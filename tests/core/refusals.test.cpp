// SPDX-License-Identifier: Apache-2.0
// Malformed questions that no vector file asks, because their columns cannot spell them.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "countersign/otpauth_uri.h"
#include "countersign/security_codes.h"
#include "countersign/steam.h"
#include "countersign/totp.h"

using namespace countersign;

namespace {

const std::vector<std::uint8_t> kSeed(20, 7);

OtpauthUri sample_uri() {
    OtpauthUri uri;
    uri.issuer = "Bank";
    uri.account = "ann";
    uri.secret = Secret(kSeed);
    return uri;
}

}  // namespace

TEST_CASE("an algorithm is named by its own name, whatever stands before a dash", "[otp]") {
    CHECK(parse_algorithm("SHA-256").value() == Algorithm::Sha256);
    for (const char* name : {"md5-256", "shb-256", "sha-257", "sha_256", "sha--256", "sha-", "", "-"})
        CHECK(parse_algorithm(name).error().code == ErrorCode::AlgorithmUnknown);
}

TEST_CASE("an algorithm beyond the enumeration is refused by builder, maker and checker", "[otp]") {
    const auto beyond = static_cast<Algorithm>(3);
    auto uri = sample_uri();
    REQUIRE(build_otpauth_uri(uri));
    uri.parameters.algorithm = beyond;
    CHECK(build_otpauth_uri(uri).error().code == ErrorCode::AlgorithmUnknown);
    TotpParameters parameters;
    parameters.algorithm = beyond;
    CHECK(generate_totp(kSeed, UnixSeconds{0}, parameters).error().code == ErrorCode::AlgorithmUnknown);
    CHECK(locate_totp(kSeed, "123456", UnixSeconds{0}, 1, parameters).error().code == ErrorCode::AlgorithmUnknown);
}

TEST_CASE("looking for a code's step refuses a moment before 1970 and a code with a letter [L20]", "[totp]") {
    CHECK(locate_totp(kSeed, "123456", UnixSeconds{-1}, 1, {}).error().code == ErrorCode::TimeOutOfRange);
    CHECK(locate_totp(kSeed, "12345a", UnixSeconds{59}, 1, {}).error().code == ErrorCode::CodeMalformed);
}

TEST_CASE("a Steam code needs a secret, a moment in range and symbols of its alphabet [L20]", "[steam]") {
    CHECK(generate_steam({}, UnixSeconds{0}).error().code == ErrorCode::SecretTooShort);
    CHECK(generate_steam(kSeed, UnixSeconds{-1}).error().code == ErrorCode::TimeOutOfRange);
    CHECK(verify_steam(kSeed, "2F9J{", UnixSeconds{0}, {}).error().code == ErrorCode::CodeMalformed);
    CHECK(verify_steam({}, "2F9J5", UnixSeconds{0}, {}).error().code == ErrorCode::SecretTooShort);
    CHECK(verify_steam(kSeed, "2F9J5", UnixSeconds{-1}, {}).error().code == ErrorCode::TimeOutOfRange);
}

TEST_CASE("only a sound security code is grouped for the eye [R25]", "[security_codes]") {
    CHECK(format_security_code("k7qf2m9xtrb4v3hf")->text() == "K7QF-2M9X-TRB4-V3HF");
    CHECK(format_security_code("K7QF-2M9X-TRB4-V3H").error().code == ErrorCode::SecurityCodeBadLength);
    CHECK(format_security_code("K7QF-2M9X-TRB4-V3HG").error().code == ErrorCode::SecurityCodeBadCheck);
    CHECK(format_security_code("K7QF-2M9X-TRB4-V3H!").error().code == ErrorCode::SecurityCodeBadSymbol);
}
