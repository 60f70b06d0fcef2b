// SPDX-License-Identifier: Apache-2.0
#include "../../core/src/hmac.h"

#include <catch2/catch.hpp>
#include <string>

#include "vector_file.h"

using namespace countersign;

namespace {

SecretView view(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string sha1_hex(const std::string& message) {
    Sha1State state = kSha1Initial;
    std::array<std::uint8_t, kSha1DigestBytes> digest;
    sha1_finish(state, 0, view(message), digest);
    return to_hex(digest);
}

std::string hmac_hex(Algorithm algorithm, const std::string& key, const std::string& message) {
    Digest digest;
    HmacKey(algorithm, view(key)).sign(view(message), digest);
    return to_hex(SecretView(digest.bytes).first(digest.size));
}

}  // namespace

TEST_CASE("SHA-1 gives the examples of FIPS 180", "[hmac]") {
    CHECK(sha1_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(sha1_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK(sha1_hex(std::string(1000000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST_CASE("SHA-1 pads around the end of a block", "[hmac]") {
    // sha1sum of so many letters a
    CHECK(sha1_hex(std::string(55, 'a')) == "c1c8bbdc22796e28c0e15163d20899b65621d65a");
    CHECK(sha1_hex(std::string(56, 'a')) == "c2db330f6083854c99d4b5bfb6e8f29f201be699");
    CHECK(sha1_hex(std::string(63, 'a')) == "03f09f5b158a7a8cdad920bddc29b81c18a551f5");
    CHECK(sha1_hex(std::string(64, 'a')) == "0098ba824b5c16427bd7a1122a5a442a25ec644d");
    CHECK(sha1_hex(std::string(65, 'a')) == "11655326c708d70319be2610e8a57d9a5b959d3b");
}

TEST_CASE("HMAC-SHA-1 gives the vectors of RFC 2202", "[hmac]") {
    const auto hmac = [](const std::string& key, const std::string& message) {
        return hmac_hex(Algorithm::Sha1, key, message);
    };
    CHECK(hmac(std::string(20, '\x0b'), "Hi There") == "b617318655057264e28bc0b6fb378c8ef146be00");
    CHECK(hmac("Jefe", "what do ya want for nothing?") == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    CHECK(hmac(std::string(20, '\xaa'), std::string(50, '\xdd')) ==
          "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
    CHECK(hmac(std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
          "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    CHECK(hmac(std::string(80, '\xaa'),
               "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data") ==
          "e8e99d0f45237d786d6bbaa7965c7808bbff1a91");
}

TEST_CASE("HMAC-SHA-256 and -512 give the vectors of RFC 4231", "[hmac]") {
    CHECK(hmac_hex(Algorithm::Sha256, "Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hmac_hex(Algorithm::Sha256, std::string(131, '\xaa'),
                   "Test Using Larger Than Block-Size Key - Hash Key First") ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    CHECK(hmac_hex(Algorithm::Sha512, "Jefe", "what do ya want for nothing?") ==
          "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
          "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    CHECK(hmac_hex(Algorithm::Sha512, std::string(131, '\xaa'),
                   "Test Using Larger Than Block-Size Key - Hash Key First") ==
          "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
          "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
}

TEST_CASE("one key signs many messages", "[hmac]") {
    for (const auto algorithm : {Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512}) {
        const HmacKey key(algorithm, view("Jefe"));
        for (const std::string message : {"first", "second", "first"}) {
            Digest digest;
            key.sign(view(message), digest);
            CHECK(to_hex(SecretView(digest.bytes).first(digest.size)) == hmac_hex(algorithm, "Jefe", message));
        }
    }
}
