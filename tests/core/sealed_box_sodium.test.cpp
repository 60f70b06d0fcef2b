// SPDX-License-Identifier: Apache-2.0
// Both directions against the distribution's libsodium, called as any program would.
#include <sodium.h>

#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "countersign/sealed_box.h"

using namespace countersign;

namespace {

const BoxContext kContext{"ses_1", "ann", "pend_7"};
const std::string kInside = std::string("cs-box-1\5\0\0\0ses_1\3\0\0\0ann\6\0\0\0pend_7\7\0\0\0message", 45);

}  // namespace

TEST_CASE("libsodium opens what seal_box sealed, and finds the stated form inside [R22]", "[sealed_box]") {
    REQUIRE(sodium_init() >= 0);
    std::array<unsigned char, 32> public_key;
    std::array<unsigned char, 32> secret_key;
    crypto_box_curve25519xchacha20poly1305_keypair(public_key.data(), secret_key.data());
    const auto sealed = seal_box(public_key, kContext, Secret(std::string_view("message")).bytes()).value();
    REQUIRE(sealed.size() == kInside.size() + crypto_box_curve25519xchacha20poly1305_SEALBYTES);
    std::string opened(kInside.size(), '\0');
    REQUIRE(crypto_box_curve25519xchacha20poly1305_seal_open(
                reinterpret_cast<unsigned char*>(opened.data()), sealed.bytes().data(), sealed.size(),
                public_key.data(), secret_key.data()) == 0);
    CHECK(opened == kInside);
}

TEST_CASE("open_box opens what libsodium sealed to our keys [R22]", "[sealed_box]") {
    const BoxKeyPair keys = make_box_key_pair();
    std::vector<unsigned char> sealed(kInside.size() + crypto_box_curve25519xchacha20poly1305_SEALBYTES);
    REQUIRE(crypto_box_curve25519xchacha20poly1305_seal(
                sealed.data(), reinterpret_cast<const unsigned char*>(kInside.data()), kInside.size(),
                keys.public_key.data()) == 0);
    CHECK(open_box(keys, kContext, sealed)->text() == "message");

    std::array<unsigned char, 32> base_product;
    crypto_scalarmult_curve25519_base(base_product.data(), keys.secret_key.bytes().data());
    CHECK(base_product == keys.public_key);
}
