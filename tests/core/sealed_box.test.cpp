// SPDX-License-Identifier: Apache-2.0
#include "countersign/sealed_box.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "vector_file.h"

using namespace countersign;

namespace {

Answer open_vector(const VectorCase& vector) {
    const auto public_key = vector.bytes("PublicKey");
    BoxKeyPair keys;
    const bool fits = public_key.size() == keys.public_key.size();
    if (fits) std::copy(public_key.begin(), public_key.end(), keys.public_key.begin());
    keys.secret_key = Secret(SecretView(vector.bytes("SecretKey")));
    const std::string session = vector.text("Session");
    const std::string user = vector.text("User");
    const std::string pending_id = vector.text("PendingId");
    const auto sealed = vector.bytes("Sealed");
    if (!fits) return error_answer(Error{ErrorCode::BoxKeyMalformed});  // the type has room for 32 bytes only
    const auto message = open_box(keys, {session, user, pending_id}, sealed);
    if (!message) return error_answer(message.error());
    return {{"Message", to_hex(message->bytes())}};
}

const BoxContext kContext{"ses_1", "ann", "pend_7"};
const Secret kMessage(std::string_view("otpauth://totp/Bank:ann?secret=JBSWY3DPEHPK3PXP"));

}  // namespace

TEST_CASE("sealed_box.vec: boxes of the distribution's libsodium [R22]", "[sealed_box][vectors]") {
    run_vectors("sealed_box.vec", {{"open", open_vector}});
}

TEST_CASE("what is sealed is opened by its keys, and by no others [R22]", "[sealed_box]") {
    const BoxKeyPair keys = make_box_key_pair();
    const BoxKeyPair others = make_box_key_pair();
    const auto sealed = seal_box(keys.public_key, kContext, kMessage.bytes()).value();
    CHECK(open_box(keys, kContext, sealed.bytes())->text() == kMessage.text());
    CHECK(open_box(others, kContext, sealed.bytes()).error().code == ErrorCode::BoxNotOpened);
    CHECK(sealed.text().find("JBSWY3DPEHPK3PXP") == std::string_view::npos);
    const auto again = seal_box(keys.public_key, kContext, kMessage.bytes()).value();
    CHECK(again.text() != sealed.text());
}

TEST_CASE("every altered byte of a box is found, and every shortened box [R22]", "[sealed_box]") {
    const BoxKeyPair keys = make_box_key_pair();
    const auto sealed = seal_box(keys.public_key, kContext, kMessage.bytes()).value();
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        Secret altered = sealed.clone();
        // The highest bit of an X25519 key has no meaning (RFC 7748, 5), but the nonce depends on it too.
        altered.writable()[at] ^= 0x80;
        CHECK(open_box(keys, kContext, altered.bytes()).error().code == ErrorCode::BoxNotOpened);
        CHECK(open_box(keys, kContext, sealed.bytes().first(at)).error().code == ErrorCode::BoxNotOpened);
    }
}

TEST_CASE("a box is opened only for the session, user and enrollment it was sealed for [R22]", "[sealed_box]") {
    const BoxKeyPair keys = make_box_key_pair();
    const auto sealed = seal_box(keys.public_key, kContext, kMessage.bytes()).value();
    for (const BoxContext& other : {BoxContext{"ses_2", "ann", "pend_7"}, BoxContext{"ses_1", "bob", "pend_7"},
                                    BoxContext{"ses_1", "ann", "pend_8"}, BoxContext{"ses_1", "ann", ""},
                                    BoxContext{"", "", ""}, BoxContext{"ses_1a", "nn", "pend_7"}})
        CHECK(open_box(keys, other, sealed.bytes()).error().code == ErrorCode::BoxContextMismatch);
}

TEST_CASE("a box whose user is not named by the opener is held to its session and enrollment [R22]", "[sealed_box]") {
    const BoxKeyPair keys = make_box_key_pair();
    const auto sealed = seal_box(keys.public_key, kContext, kMessage.bytes()).value();
    CHECK(open_box(keys, {"ses_1", std::nullopt, "pend_7"}, sealed.bytes())->text() == kMessage.text());
    for (const ExpectedBox& other : {ExpectedBox{"ses_2", std::nullopt, "pend_7"},
                                     ExpectedBox{"ses_1", std::nullopt, "pend_8"}, ExpectedBox{"ses_1", "", "pend_7"}})
        CHECK(open_box(keys, other, sealed.bytes()).error().code == ErrorCode::BoxContextMismatch);
}

TEST_CASE("keys of small order and of another size are refused, and names and messages that are too long",
          "[sealed_box]") {
    const std::array<std::uint8_t, 32> zero{};
    std::array<std::uint8_t, 32> one{};
    one[0] = 1;
    for (const auto& key : {zero, one})
        CHECK(seal_box(key, kContext, kMessage.bytes()).error().code == ErrorCode::BoxKeyMalformed);
    const BoxKeyPair keys = make_box_key_pair();
    const SecretView key = keys.public_key;
    CHECK(seal_box(key.first(31), kContext, {}).error().code == ErrorCode::BoxKeyMalformed);
    CHECK(seal_box({}, kContext, {}).error().code == ErrorCode::BoxKeyMalformed);

    const std::string name(kMaxBoxNameBytes, 'n');
    const Secret message(kMaxBoxMessageBytes);
    const auto largest = seal_box(key, {name, name, name}, message.bytes()).value();
    CHECK(open_box(keys, {name, name, name}, largest.bytes())->size() == kMaxBoxMessageBytes);
    CHECK(seal_box(key, {"", name + "n", ""}, {}).error().code == ErrorCode::BoxTooLong);
    CHECK(seal_box(key, kContext, Secret(kMaxBoxMessageBytes + 1).bytes()).error().code == ErrorCode::BoxTooLong);
    CHECK(open_box({}, kContext, largest.bytes()).error().code == ErrorCode::BoxKeyMalformed);
}
