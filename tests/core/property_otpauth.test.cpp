// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "countersign/base32.h"
#include "property.h"
#include "vector_file.h"

using namespace countersign;

namespace {

void check_same(const OtpauthUri& a, const OtpauthUri& b) {
    CHECK(a.type == b.type);
    CHECK(a.issuer == b.issuer);
    CHECK(a.account == b.account);
    CHECK(to_hex(a.secret.bytes()) == to_hex(b.secret.bytes()));
    CHECK(a.parameters.algorithm == b.parameters.algorithm);
    CHECK(a.parameters.digits == b.parameters.digits);
    CHECK(a.parameters.period_seconds == b.parameters.period_seconds);
    CHECK(a.counter == b.counter);
}

/// The same URI as others print it: parameters in another order, keys in another case.
std::string reordered(Draw& draw, std::string_view uri) {
    const std::size_t query = uri.find('?');
    std::vector<std::string> parameters;
    for (std::size_t begin = query + 1; begin <= uri.size();) {
        const std::size_t end = std::min(uri.find('&', begin), uri.size());
        std::string parameter(uri.substr(begin, end - begin));
        if (draw.coin()) parameter[0] = static_cast<char>(parameter[0] - 'a' + 'A');
        const auto place = draw.between(0, static_cast<std::int64_t>(parameters.size()));
        parameters.insert(parameters.begin() + static_cast<std::ptrdiff_t>(place), parameter);
        begin = end + 1;
    }
    std::string text(uri.substr(0, query));
    char mark = '?';
    for (const std::string& parameter : parameters) {
        text += mark + parameter;
        mark = '&';
    }
    return text;
}

}  // namespace

TEST_CASE("otpauth: what is built is read back the same, and is built the same again [L25] [L26]",
          "[property][otpauth]") {
    for_all("otpauth round trip", 1000, [](Draw& draw) {
        const OtpauthUri uri = draw.uri();
        const Secret built = build_otpauth_uri(uri).value();
        INFO(built.text());
        const auto parsed = parse_otpauth_uri(built.text());
        REQUIRE(parsed.has_value());
        check_same(parsed->uri, uri);
        CHECK(build_otpauth_uri(parsed->uri)->text() == built.text());
    });
}

TEST_CASE("otpauth: the order and case of parameters say nothing [L25]", "[property][otpauth]") {
    for_all("otpauth order", 1000, [](Draw& draw) {
        const OtpauthUri uri = draw.uri();
        const Secret built = build_otpauth_uri(uri).value();
        const std::string other = reordered(draw, built.text());
        INFO(other);
        const auto parsed = parse_otpauth_uri(other);
        REQUIRE(parsed.has_value());
        check_same(parsed->uri, uri);
        CHECK(build_otpauth_uri(parsed->uri)->text() == built.text());
    });
}

TEST_CASE("otpauth: a changed character is refused or read, and then has a canonical form [L23] [L25]",
          "[property][otpauth]") {
    for_all("otpauth changed", 3000, [](Draw& draw) {
        std::string text(build_otpauth_uri(draw.uri())->text());
        const auto place = static_cast<std::size_t>(draw.between(0, static_cast<std::int64_t>(text.size()) - 1));
        text[place] = static_cast<char>(draw.between(-128, 127));
        const auto parsed = parse_otpauth_uri(text);
        if (!parsed) return;
        const auto built = build_otpauth_uri(parsed->uri);
        if (!built) return;
        const auto again = parse_otpauth_uri(built->text());
        REQUIRE(again.has_value());
        CHECK(build_otpauth_uri(again->uri)->text() == built->text());
    });
}
