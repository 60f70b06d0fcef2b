// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstring>

#include "app/keys.h"
#include "app/tokens.h"
#include "countersign/code_stretch.h"
#include "undefined.h"

using namespace countersign;
using namespace constant_time;

// Comparison of digests, in the core and as the server calls it, and the making of those digests.

namespace {

constexpr std::string_view kKey = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kOther = "0123456789abcdef0123456789abcdeF";

}  // namespace

TEST_CASE("equal_constant_time: neither side steers anything", "[compare]") {
    for (const std::string_view other : {kKey, kOther, std::string_view("X123456789abcdef0123456789abcdef")}) {
        const Secret a = secret_of(kKey);
        const Secret b = secret_of(other);
        bool same = false;
        CHECK(leaks_of([&] { same = equal_constant_time(a.bytes(), b.bytes()); }) == 0);
        CHECK(known(same) == (other == kKey));
    }
}

TEST_CASE("leaky twin: digests compared until a byte differs", "[twin]") {
    const Secret a = secret_of(kKey);
    const Secret b = secret_of(kOther);
    volatile bool same = false;
    CHECK(leaks_of([&] { same = std::equal(a.bytes().begin(), a.bytes().end(), b.bytes().begin()); }) > 0);
    CHECK(leaks_of([&] { same = std::memcmp(a.bytes().data(), b.bytes().data(), a.size()) == 0; }) > 0);
}

TEST_CASE("the server's digests of tokens: master key and token steer nothing, nor does comparing", "[server]") {
    using namespace countersign::server;
    const TokenOwner owner{"default", "ann", "ses_1", "manage"};
    const auto token = secret_of("cs_ses_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    const auto other = secret_of("cs_ses_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB");
    const Secret master = secret_of(kKey);
    bool same = false;
    bool differs = true;
    CHECK(leaks_of([&] {
              const server::Keys keys(master.bytes());
              const Digest stored = token_binding(keys, TokenKind::Session, token.text(), owner);
              same = equal_constant_time(stored, token_binding(keys, TokenKind::Session, token.text(), owner));
              differs = equal_constant_time(stored, token_binding(keys, TokenKind::Session, other.text(), owner));
          }) == 0);
    CHECK(known(same));
    CHECK_FALSE(known(differs));
}

TEST_CASE("leaky twin: a stored digest found by ==", "[twin]") {
    using namespace countersign::server;
    const Secret master = secret_of(kKey);
    volatile bool same = false;
    CHECK(leaks_of([&] {
              const server::Keys keys(master.bytes());
              same = keys.token_hash({"a"}) == keys.token_hash({"b"});
          }) > 0);
}

TEST_CASE("salt and digest of a security code: keys and stretched value steer nothing", "[digest]") {
    const Secret key = secret_of(kKey);
    const Secret stretched = secret_of(kOther);
    Secret salt;
    Secret digest;
    CHECK(leaks_of([&] {
              salt = derive_code_salt(key.bytes(), "default", "ann").value();
              digest = digest_stretched_code(key.bytes(), "default", "ann", stretched.bytes()).value();
          }) == 0);
    CHECK(salt.size() == kStretchSaltBytes);
    CHECK(digest.size() == 32);
}

TEST_CASE("leaky twin: a key hashed as text, up to its first NUL", "[twin]") {
    const Secret key = secret_of(std::string_view("0123456789abcdef0123456789abcde\0", 32));
    volatile std::size_t size = 0;
    CHECK(leaks_of([&] {
              std::size_t at = 0;
              while (at < key.size() && key.bytes()[at] != 0) ++at;
              size = known(at);
          }) > 0);
}
