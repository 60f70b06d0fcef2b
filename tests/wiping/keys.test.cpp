// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <sodium.h>
#include <string>

#include "app/keys.h"
#include "app/seed_box.h"
#include "app/tokens.h"
#include "countersign/code_stretch.h"
#include "countersign/sealed_box.h"
#include "memory_search.h"

using namespace countersign;
using namespace wiping;

// Keys of boxes, of digests, of the server.

TEST_CASE("salts and digests of security codes leave no key and no stretched value [R21]", "[digest]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret key = Secret::random(kStretchKeyBytes);
              const Secret stretched = Secret::random(kStretchedBytes);
              needles.add("key", key.bytes());
              needles.add("stretched", stretched.bytes());
              const auto salt = derive_code_salt(key.bytes(), "default", "ann");
              needles.add("salt", salt->bytes());
              (void)digest_stretched_code(key.bytes(), "default", "ann", stretched.bytes());
          }).empty());
}

TEST_CASE("boxes leave no secret key, no key derived from it and no message [R22]", "[box]") {
    CHECK(left_behind([](Needles& needles) {
              const BoxContext context{"session", "ann", "crd_1"};
              const Secret message = Secret::random(48);
              needles.add("message", message.bytes());
              const BoxKeyPair keys = make_box_key_pair();
              needles.add("secret key", keys.secret_key.bytes());
              const auto sealed = seal_box(keys.public_key, context, message.bytes());
              Secret shared(crypto_scalarmult_BYTES);  // the sealer's public key stands first
              REQUIRE(crypto_scalarmult(shared.writable().data(), keys.secret_key.bytes().data(), sealed->bytes().data()) == 0);
              needles.add("shared point", shared.bytes());
              Secret derived(crypto_box_curve25519xchacha20poly1305_BEFORENMBYTES);
              REQUIRE(crypto_box_curve25519xchacha20poly1305_beforenm(derived.writable().data(), sealed->bytes().data(),
                                                                      keys.secret_key.bytes().data()) == 0);
              needles.add("derived key", derived.bytes());
              sodium_stackzero(8192);
              (void)open_box(keys, context, sealed->bytes());
              (void)open_box(keys, {"other", "ann", "crd_1"}, sealed->bytes());
          }).empty());
}

TEST_CASE("the server's keys are gone with their owner, tokens and seeds with their use [R20]", "[server]") {
    using namespace countersign::server;
    CHECK(left_behind([](Needles& needles) {
              const Secret master = Secret::random(32);
              needles.add("master key", master.bytes());
              const server::Keys keys(master.bytes());
              needles.add("seal key", keys.seal());
              const Secret token = make_token(TokenKind::Session);
              needles.add("token", token.text().substr(7));
              (void)token_binding(keys, TokenKind::Session, token.text(), {"default", "ann", "ses_1", "manage"});
              const Secret seed = Secret::random(20);
              needles.add("seed", seed.bytes());
              const SeedPlace place{"default", "ann", "totp", "crd_1"};
              (void)open_seed(keys, place, seal_seed(keys, place, seed.bytes()));
          }).empty());
}
