// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "app/seed_box.h"
#include "countersign/sealed_box.h"
#include "undefined.h"

using namespace countersign;
using namespace constant_time;

// Boxes. Public: whether one opens, which libsodium tells by a branch on its tag's comparison (valgrind.supp
// names these functions), and, in one that did open, where its fields end.

namespace {

constexpr BoxContext kContext{"session", "ann", "crd_1"};
constexpr std::string_view kMessage = "otpauth://totp/Bank:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

SecretView message_bytes() { return {reinterpret_cast<const std::uint8_t*>(kMessage.data()), kMessage.size()}; }

}  // namespace

TEST_CASE("open_box: the secret key and what it opens steer nothing [R22]", "[box]") {
    BoxKeyPair keys = make_box_key_pair();
    const Secret sealed = seal_box(keys.public_key, kContext, message_bytes()).value();
    mark_secret(keys.secret_key.writable());
    Result<Secret> opened;
    CHECK(leaks_of([&] { opened = open_box(keys, kContext, sealed.bytes()); }) == 0);
    REQUIRE(opened.has_value());
    mark_known(opened->bytes());
    CHECK(opened->text() == kMessage);

    for (const BoxContext& other : {BoxContext{"sessioN", "ann", "crd_1"}, BoxContext{"session", "ann", "crd_12"}}) {
        CHECK(leaks_of([&] { opened = open_box(keys, other, sealed.bytes()); }) == 0);
        CHECK(opened.error().code == ErrorCode::BoxContextMismatch);
    }
    Secret altered = sealed.clone();
    altered.writable()[60] ^= 1;
    CHECK(leaks_of([&] { opened = open_box(keys, kContext, altered.bytes()); }) == 0);
    CHECK(opened.error().code == ErrorCode::BoxNotOpened);
}

TEST_CASE("seal_box: the message steers nothing [R22]", "[box]") {
    const BoxKeyPair keys = make_box_key_pair();
    const Secret message = secret_of(kMessage);
    Result<Secret> sealed;
    CHECK(leaks_of([&] { sealed = seal_box(keys.public_key, kContext, message.bytes()); }) == 0);
    CHECK(sealed.has_value());
}

TEST_CASE("leaky twin: a key whose bits decide what is added", "[twin]") {
    const Secret key = secret_of("01234567890123456789012345678901");
    volatile std::uint64_t sum = 0;
    CHECK(leaks_of([&] {
              for (const std::uint8_t byte : key.bytes())
                  for (unsigned bit = 0; bit < 8; ++bit)
                      if ((byte >> bit & 1U) != 0) sum = sum * 3 + 1;
          }) > 0);
}

TEST_CASE("leaky twin: opened names compared until a byte differs", "[twin]") {
    const Secret name = secret_of(kContext.session);
    volatile bool same = false;
    CHECK(leaks_of([&] { same = name.text() == kContext.session; }) > 0);
}

TEST_CASE("the server's seeds at rest: key and seed steer nothing [R20]", "[seed]") {
    using namespace countersign::server;
    const Secret master = secret_of("0123456789abcdef0123456789abcdef");
    const Secret seed = secret_of("12345678901234567890");
    const SeedPlace place{"default", "ann", "totp", "crd_1"};
    std::optional<Secret> opened;
    CHECK(leaks_of([&] {
              const server::Keys keys(master.bytes());
              opened = open_seed(keys, place, seal_seed(keys, place, seed.bytes()));
          }) == 0);
    REQUIRE(opened.has_value());
    mark_known(opened->bytes());
    CHECK(opened->text() == "12345678901234567890");
}
