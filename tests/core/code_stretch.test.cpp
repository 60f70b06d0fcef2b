// SPDX-License-Identifier: Apache-2.0
#include "countersign/code_stretch.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "vector_file.h"

using namespace countersign;

namespace {

Answer stretch(const VectorCase& vector) {
    const auto stretched = stretch_security_code(vector.text("Typed"), vector.bytes("Salt"));
    if (!stretched) return error_answer(stretched.error());
    return {{"Stretched", to_hex(stretched->bytes())}};
}

/// `size` bytes that count up from `first`.
std::vector<std::uint8_t> counting(std::size_t size, std::uint8_t first) {
    std::vector<std::uint8_t> bytes(size);
    std::iota(bytes.begin(), bytes.end(), first);
    return bytes;
}

const std::vector<std::uint8_t> kKey = counting(32, 0);
const std::vector<std::uint8_t> kStretched = counting(32, 32);

std::string salt(std::string_view realm, std::string_view user) {
    return to_hex(derive_code_salt(kKey, realm, user)->bytes());
}

std::string digest(std::string_view realm, std::string_view user) {
    return to_hex(digest_stretched_code(kKey, realm, user, kStretched)->bytes());
}

}  // namespace

TEST_CASE("code_stretch.vec: Argon2id of the canonical form [R21] [R25]", "[code_stretch][vectors]") {
    run_vectors("code_stretch.vec", {{"stretch", stretch}});
}

TEST_CASE("salts and digests are keyed BLAKE2b over lengths and texts [R21]", "[code_stretch]") {
    // By Python's hashlib.blake2b(message, key=key, digest_size=32).
    CHECK(salt("default", "ann") == "2b8bd86debf34ac1c79e8c359f1589c3");
    CHECK(salt("", "") == "223b9a195adefb1f293d6c0971a8fdb3");
    CHECK(salt("default", std::string(300, 'x')) == "989b9a64c68f52badb62e7d5b965b514");
    CHECK(digest("default", "ann") == "674d1206d533201f56c24442837ecda48d8157b3177cda7838d391236fbc3f44");
    const std::vector<std::uint8_t> reversed(kKey.rbegin(), kKey.rend());
    CHECK(to_hex(digest_stretched_code(reversed, "shop-2", "\xc3\xa4nn", kStretched)->bytes()) ==
          "4f85148d0e81034cec43ebd701dfe820b06b416fbb76e8e5a4c16dc46be9d34c");
}

TEST_CASE("moving a byte from realm to user, or into the code, changes salt and digest [R21] [R1]",
          "[code_stretch]") {
    std::set<std::string> salts;
    std::set<std::string> digests;
    const std::string both = "default/ann";
    for (std::size_t cut = 0; cut <= both.size(); ++cut) {
        salts.insert(salt(both.substr(0, cut), both.substr(cut)));
        digests.insert(digest(both.substr(0, cut), both.substr(cut)));
    }
    CHECK(salts.size() == both.size() + 1);
    CHECK(digests.size() == both.size() + 1);
    CHECK(digest("r", std::string("u\0\0\0", 4)) != digest("r", "u"));
}

TEST_CASE("another key, or one other bit of the stretched code, gives another digest [R21]", "[code_stretch]") {
    auto other_key = kKey;
    other_key[31] ^= 1;
    auto other_code = kStretched;
    other_code[0] ^= 0x80;
    const std::string plain = digest("default", "ann");
    CHECK(to_hex(digest_stretched_code(other_key, "default", "ann", kStretched)->bytes()) != plain);
    CHECK(to_hex(digest_stretched_code(kKey, "default", "ann", other_code)->bytes()) != plain);
    CHECK(to_hex(derive_code_salt(other_key, "default", "ann")->bytes()) != salt("default", "ann"));
}

TEST_CASE("keys and stretched codes of another size are refused", "[code_stretch]") {
    const auto shorter = counting(31, 0);
    const auto longer = counting(33, 0);
    CHECK(derive_code_salt(shorter, "r", "u").error().code == ErrorCode::SecretTooShort);
    CHECK(derive_code_salt(longer, "r", "u").error().code == ErrorCode::SecretTooLong);
    CHECK(digest_stretched_code(shorter, "r", "u", kStretched).error().code == ErrorCode::SecretTooShort);
    CHECK(digest_stretched_code(kKey, "r", "u", shorter).error().code == ErrorCode::SecretTooShort);
    CHECK(digest_stretched_code(kKey, "r", "u", longer).error().code == ErrorCode::SecretTooLong);
    CHECK(digest_stretched_code({}, "r", "u", kStretched).error().code == ErrorCode::SecretTooShort);
}

TEST_CASE("bytes are stretched as a code's canonical form is, whatever they are and however many [R24]", "[code_stretch]") {
    const std::vector<std::uint8_t> salt_bytes = counting(16, 0);
    const auto code = stretch_security_code("k7qf-2m9x-trb4-v3hf", salt_bytes);
    REQUIRE(code);
    const std::string canonical = "K7QF2M9XTRB4V3HF";
    CHECK(to_hex(stretch_secret(Secret(canonical).bytes(), salt_bytes)->bytes()) == to_hex(code->bytes()));
    CHECK(to_hex(stretch_secret(Secret(canonical + "0").bytes(), salt_bytes)->bytes()) != to_hex(code->bytes()));
    CHECK(stretch_secret(Secret().bytes(), salt_bytes)->size() == kStretchedBytes);
    CHECK(stretch_secret(Secret(std::string(9000, 'x')).bytes(), salt_bytes)->size() == kStretchedBytes);
    CHECK(stretch_secret(Secret(canonical).bytes(), counting(15, 0)).error().code == ErrorCode::StretchSaltMalformed);
}
