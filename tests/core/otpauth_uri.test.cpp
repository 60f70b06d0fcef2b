// SPDX-License-Identifier: Apache-2.0
#include "countersign/otpauth_uri.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "vector_file.h"

using namespace countersign;

namespace {

OtpauthUri uri_of(const VectorCase& vector) {
    OtpauthUri uri;
    uri.type = vector.text("Type") == "hotp" ? OtpType::Hotp : OtpType::Totp;
    uri.issuer = vector.text("Issuer");
    uri.account = vector.text("Account");
    uri.secret = Secret(SecretView(vector.bytes("Secret")));
    uri.parameters = parameters_of(vector);
    if (vector.has("Counter")) uri.counter = static_cast<std::uint64_t>(vector.number("Counter", 0));
    return uri;
}

Answer fields_of(const OtpauthUri& uri) {
    Answer fields{{"Type", uri.type == OtpType::Hotp ? "hotp" : "totp"},
                  {"Issuer", uri.issuer},
                  {"Account", uri.account},
                  {"Secret", to_hex(uri.secret.bytes())},
                  {"Algorithm", std::string(algorithm_name(uri.parameters.algorithm))},
                  {"Digits", std::to_string(uri.parameters.digits)}};
    if (uri.type == OtpType::Totp) fields["Period"] = std::to_string(uri.parameters.period_seconds);
    if (uri.counter) fields["Counter"] = std::to_string(*uri.counter);
    return fields;
}

std::string warnings_of(const ParsedOtpauthUri& parsed) {
    std::string names;
    for (const UriWarning warning : parsed.warnings) {
        if (!names.empty()) names.push_back(' ');
        names.append(uri_warning_name(warning));
    }
    return names;
}

/// Builds, and reads back what was built: nothing may have changed on the way.
Answer build(const VectorCase& vector) {
    const OtpauthUri uri = uri_of(vector);
    const auto built = build_otpauth_uri(uri);
    if (!built) return error_answer(built.error());
    const auto parsed = parse_otpauth_uri(built->text());
    REQUIRE(parsed.has_value());
    CHECK(fields_of(parsed->uri) == fields_of(uri));
    return {{"Uri", std::string(built->text())}, {"Warnings", warnings_of(*parsed)}};
}

Answer parse(const VectorCase& vector) {
    const auto parsed = parse_otpauth_uri(vector.text("Uri"));
    if (!parsed) return error_answer(parsed.error());
    Answer answer = fields_of(parsed->uri);
    answer["Warnings"] = warnings_of(*parsed);
    return answer;
}

ErrorCode error_of(const std::string& text) {
    const auto parsed = parse_otpauth_uri(text);
    REQUIRE_FALSE(parsed.has_value());
    return parsed.error().code;
}

constexpr char kGood[] = "otpauth://totp/ACME:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=ACME";

}  // namespace

TEST_CASE("otpauth_uri_valid.vec: URIs are built strictly and read tolerantly [L24] [L25] [L26]",
          "[uri][vectors]") {
    run_vectors("otpauth_uri_valid.vec", {{"build", build}, {"parse", parse}});
}

TEST_CASE("otpauth_uri_invalid.vec: each bad URI has its one error [L23] [L25] [L26]", "[uri][vectors]") {
    run_vectors("otpauth_uri_invalid.vec", {{"build", build}, {"parse", parse}});
}

TEST_CASE("hotp counters keep all 64 bits [L20] [L26]", "[uri]") {
    OtpauthUri uri;
    uri.type = OtpType::Hotp;
    uri.issuer = "ACME";
    uri.account = "alice";
    uri.secret = Secret::random(20);
    uri.counter = ~std::uint64_t{0};
    const auto built = build_otpauth_uri(uri);
    REQUIRE(built.has_value());
    CHECK(built->text().ends_with("&counter=18446744073709551615"));
    CHECK(parse_otpauth_uri(built->text()).value().uri.counter == ~std::uint64_t{0});
}

TEST_CASE("URI text that is not UTF-8 is refused, wherever it stands [L25]", "[uri]") {
    const std::string good = kGood;
    for (const std::string bytes : {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
        CHECK(error_of(good + bytes) == ErrorCode::UriBadUtf8);
        CHECK(error_of(good + "&x=" + bytes) == ErrorCode::UriBadUtf8);
        CHECK(error_of(good + "&" + bytes) == ErrorCode::UriBadUtf8);
        CHECK(error_of("otpauth://totp/a" + bytes + "?secret=AA") == ErrorCode::UriBadUtf8);
        OtpauthUri uri;
        uri.issuer = "ACME" + bytes;
        uri.account = "alice";
        uri.secret = Secret::random(20);
        CHECK(build_otpauth_uri(uri).error().code == ErrorCode::IssuerMalformed);
        std::swap(uri.issuer, uri.account);
        CHECK(build_otpauth_uri(uri).error().code == ErrorCode::AccountMalformed);
    }
}

TEST_CASE("no byte put into or taken from a good URI breaks the parser [L25]", "[uri]") {
    const std::string good = kGood;
    int read = 0;
    for (std::size_t at = 0; at <= good.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = good;
            changed.insert(at, 1, static_cast<char>(byte));
            const auto parsed = parse_otpauth_uri(changed);
            if (!parsed) continue;
            ++read;
            CHECK(parsed->uri.secret.size() <= kMaxSecretBytes);
            CHECK(parsed->uri.parameters.digits >= kMinDigits);
            CHECK(parsed->uri.parameters.period_seconds >= 1);
            CHECK_FALSE((parsed->uri.issuer.empty() && parsed->uri.account.empty()));
        }
        CHECK_NOTHROW(parse_otpauth_uri(good.substr(0, at)));
        CHECK_NOTHROW(parse_otpauth_uri(good.substr(at)));
    }
    CHECK(read > 1000);
}

TEST_CASE("every character of issuer and account survives the way there and back [L25]", "[uri]") {
    for (int c = 0x21; c < 0x7f; ++c) {
        if (c == ':') continue;
        OtpauthUri uri;
        uri.issuer = std::string("A") + static_cast<char>(c) + "B";
        uri.account = std::string(1, static_cast<char>(c));
        uri.secret = Secret::random(20);
        const auto built = build_otpauth_uri(uri);
        REQUIRE(built.has_value());
        CHECK(built->text().find('+') == std::string_view::npos);
        const auto parsed = parse_otpauth_uri(built->text());
        REQUIRE(parsed.has_value());
        CHECK(fields_of(parsed->uri) == fields_of(uri));
        CHECK(parsed->warnings.empty());
    }
}

TEST_CASE("every warning has its own stable name and a sentence", "[uri]") {
    std::set<std::string> names;
    for (int i = 0; i < kUriWarningCount; ++i) {
        const auto warning = static_cast<UriWarning>(i);
        CHECK(names.insert(std::string(uri_warning_name(warning))).second);
        CHECK(uri_warning_sentence(warning).size() > 15);
        CHECK(uri_warning_sentence(warning).back() == '.');
    }
    CHECK(names.count("issuer-mismatch") == 1);
}
