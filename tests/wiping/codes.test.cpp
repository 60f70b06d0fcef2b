// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cstring>
#include <sodium.h>
#include <string>

#include "../../core/src/hmac.h"
#include "../../core/src/sha1.h"
#include "countersign/hotp.h"
#include "countersign/steam.h"
#include "countersign/totp.h"
#include "memory_search.h"

using namespace countersign;
using namespace wiping;

// Seeds, codes, and what lies between: the key's pads and the hash's words and states, from which seed or
// codes could be made again.

namespace {

using Names = std::vector<std::string>;

constexpr UnixSeconds kNow{1'800'000'000};
constexpr std::array kAlgorithms{Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512};
constexpr int kDigits = 10;  // eight digits in a row would else stand in memory by chance

SecretView view(const void* data, std::size_t size) { return {static_cast<const std::uint8_t*>(data), size}; }

/// SHA-1's schedule: the block can be computed back from any sixteen words in a row.
void add_schedule(Needles& needles, std::string_view name, SecretView block) {
    std::array<std::uint32_t, 80> words{};
    for (std::size_t i = 0; i < 16; ++i)
        for (std::size_t k = 0; k < 4; ++k) words[i] = words[i] << 8 | block[4 * i + k];
    for (std::size_t t = 16; t < 80; ++t) words[t] = std::rotl(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);
    needles.add(name, view(words.data(), sizeof words));
    wipe_memory(words.data(), sizeof words);
}

/// Key pads and states of HMAC-SHA-1, each as secret as the key.
void add_sha1_traces(Needles& needles, SecretView key) {
    for (const auto& [name, filler] : {std::pair{"inner", 0x36U}, std::pair{"outer", 0x5cU}}) {
        std::array<std::uint8_t, kSha1BlockBytes> pad{};
        std::copy(key.begin(), key.end(), pad.begin());
        for (auto& byte : pad) byte = static_cast<std::uint8_t>(byte ^ filler);
        needles.add(std::string(name) + " pad", view(pad.data(), key.size()));
        add_schedule(needles, std::string(name) + " schedule", pad);
        Sha1State state = kSha1Initial;
        sha1_compress(state, pad);
        needles.add(std::string(name) + " state", view(state.data(), sizeof state));
        wipe_memory(state.data(), sizeof state);
        wipe_memory(pad.data(), pad.size());
    }
}

template <class State, class Start>
void add_sodium_states(Needles& needles, SecretView key, Start start) {
    State state;
    start(&state, key.data(), key.size());
    needles.add("inner state", view(state.ictx.state, sizeof state.ictx.state));
    needles.add("outer state", view(state.octx.state, sizeof state.octx.state));
    wipe_memory(&state, sizeof state);
}

void add_key(Needles& needles, Algorithm algorithm, const Secret& seed) {
    needles.add("seed", seed.bytes());
    switch (algorithm) {
        case Algorithm::Sha1: add_sha1_traces(needles, seed.bytes()); break;
        case Algorithm::Sha256:
            add_sodium_states<crypto_auth_hmacsha256_state>(needles, seed.bytes(), crypto_auth_hmacsha256_init);
            break;
        case Algorithm::Sha512:
            add_sodium_states<crypto_auth_hmacsha512_state>(needles, seed.bytes(), crypto_auth_hmacsha512_init);
            break;
    }
}

/// The HMAC of a counter: every code of it, of any length, is cut from it.
void add_digest(Needles& needles, Algorithm algorithm, const Secret& seed, std::uint64_t counter) {
    std::array<std::uint8_t, 8> message{};
    for (unsigned i = 0; i < 8; ++i) message[i] = static_cast<std::uint8_t>(counter >> (56 - 8 * i));
    Digest digest;
    HmacKey(algorithm, seed.bytes()).sign(message, digest);
    needles.add("digest", view(digest.bytes.data(), digest.size));
    wipe_memory(&digest, sizeof digest);
}

/// Runs `work` in a frame deeper than what runs afterwards.
template <class Work>
[[gnu::noinline]] void deep_down(Work&& work) {
    std::array<volatile std::uint8_t, 4096> frame;
    frame[0] = 0;
    work();
    frame[1] = frame[0];
}

[[gnu::noinline]] void leave_a_copy(SecretView secret) {
    std::array<volatile std::uint8_t, 4096> frame;
    for (std::size_t i = 0; i < 8; ++i) frame[i] = secret[i + 7];
}

}  // namespace

TEST_CASE("control: what is left on a stack or in freed heap is found, eight bytes of it", "[control]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret secret = Secret::random(20);
              needles.add("on the stack", secret.bytes());
              leave_a_copy(secret.bytes());
          }) == Names{"on the stack"});
    CHECK(left_behind([](Needles& needles) {
              const Secret secret = Secret::random(64);
              needles.add("in freed heap", secret.bytes());
              const std::string copy(secret.text());
          }) == Names{"in freed heap"});
    CHECK(left_behind([](Needles& needles) {
              const Secret secret = Secret::random(64);
              needles.add("wiped", secret.bytes());
          }).empty());
}

TEST_CASE("making a code leaves neither seed nor code nor anything between", "[totp]") {
    for (const Algorithm algorithm : kAlgorithms)
        CHECK(left_behind([algorithm](Needles& needles) {
                  const Secret seed = Secret::random(32);
                  add_key(needles, algorithm, seed);
                  add_digest(needles, algorithm, seed, static_cast<std::uint64_t>(kNow.value / 30));
                  const auto code = generate_totp(seed.bytes(), kNow, {algorithm, kDigits, 30});
                  needles.add("code", code->text());
              }).empty());
}

// Each of the next does one thing last and deep down, so that nothing afterwards runs over what it left.

TEST_CASE("SHA-1 leaves neither the words of a block nor the end of a message", "[hmac]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret block = Secret::random(kSha1BlockBytes);
              needles.add("block", block.bytes());
              add_schedule(needles, "schedule", block.bytes());
              Sha1State state = kSha1Initial;
              deep_down([&] { sha1_compress(state, block.bytes().first<kSha1BlockBytes>()); });
          }).empty());
    CHECK(left_behind([](Needles& needles) {
              const Secret message = Secret::random(50);
              needles.add("message", message.bytes());
              Sha1State state = kSha1Initial;
              std::array<std::uint8_t, kSha1DigestBytes> digest;
              deep_down([&] { sha1_finish(state, 0, message.bytes(), digest); });
          }).empty());
}

TEST_CASE("taking in a key leaves neither it nor, when it is long, its hash", "[hmac]") {
    for (const std::size_t size : {20U, 100U})
        CHECK(left_behind([size](Needles& needles) {
                  const Secret seed = Secret::random(size);
                  needles.add("seed", seed.bytes());
                  Sha1State state = kSha1Initial;
                  std::array<std::uint8_t, kSha1DigestBytes> hash;
                  sha1_finish(state, 0, seed.bytes(), hash);
                  needles.add("state", view(state.data(), sizeof state));
                  needles.add("hash", hash);
                  wipe_memory(state.data(), sizeof state);
                  wipe_memory(hash.data(), hash.size());
                  deep_down([&] { const HmacKey key(Algorithm::Sha1, seed.bytes()); });
              }).empty());
}

TEST_CASE("signing leaves no state of the hash", "[hmac]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret seed = Secret::random(20);
              add_key(needles, Algorithm::Sha1, seed);
              const std::array<std::uint8_t, 8> message{};
              const HmacKey key(Algorithm::Sha1, seed.bytes());
              Digest digest;
              key.sign(message, digest);
              Sha1State words{};  // of the outer hash at its end: the digest
              for (std::size_t i = 0; i < kSha1DigestBytes; ++i) words[i / 4] = words[i / 4] << 8 | digest.bytes[i];
              needles.add("digest as words", view(words.data(), sizeof words));
              wipe_memory(words.data(), sizeof words);
              deep_down([&] { key.sign(message, digest); });
              wipe_memory(&digest, sizeof digest);
          }).empty());
}

TEST_CASE("a key longer than a block leaves neither itself nor its hash", "[totp]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret seed = Secret::random(100);
              needles.add("seed", seed.bytes());
              std::array<std::uint8_t, kSha1DigestBytes> hash;
              Sha1State state = kSha1Initial;
              sha1_finish(state, 0, seed.bytes(), hash);
              needles.add("state", view(state.data(), sizeof state));
              needles.add("hash", hash);
              wipe_memory(state.data(), sizeof state);
              wipe_memory(hash.data(), hash.size());
              const auto code = generate_totp(seed.bytes(), kNow, {Algorithm::Sha1, kDigits, 30});
              needles.add("code", code->text());
          }).empty());
}

TEST_CASE("verifying leaves neither seed nor typed nor expected code", "[totp]") {
    for (const Algorithm algorithm : kAlgorithms)
        CHECK(left_behind([algorithm](Needles& needles) {
                  const Secret seed = Secret::random(20);
                  add_key(needles, algorithm, seed);
                  VerifyOptions options;
                  options.parameters = {algorithm, kDigits, 30};
                  for (std::int64_t offset = -1; offset <= 1; ++offset) {
                      const UnixSeconds time{kNow.value + 30 * offset};
                      const auto code = generate_totp(seed.bytes(), time, options.parameters);
                      needles.add("code", code->text());
                      add_digest(needles, algorithm, seed, static_cast<std::uint64_t>(time.value / 30));
                      (void)verify_totp(seed.bytes(), code->text(), kNow, options);
                      (void)locate_totp(seed.bytes(), code->text(), kNow, 3, options.parameters);
                      (void)resync_totp(seed.bytes(), code->text(), code->text(), kNow, {options.parameters, 3, {}});
                  }
              }).empty());
}

TEST_CASE("codes of counters and of Steam leave nothing either", "[hotp][steam]") {
    CHECK(left_behind([](Needles& needles) {
              const Secret seed = Secret::random(20);
              add_key(needles, Algorithm::Sha1, seed);
              HotpVerifyOptions options;
              options.parameters.digits = kDigits;
              for (std::uint64_t counter = 0; counter < 3; ++counter) {
                  const auto code = generate_hotp(seed.bytes(), counter, options.parameters);
                  needles.add("code", code->text());
                  add_digest(needles, Algorithm::Sha1, seed, counter);
                  (void)verify_hotp(seed.bytes(), code->text(), options);
                  (void)resync_hotp(seed.bytes(), code->text(), code->text(), {options.parameters, 5, {}});
              }
              add_digest(needles, Algorithm::Sha1, seed, static_cast<std::uint64_t>(kNow.value / kSteamPeriodSeconds));
              const auto code = generate_steam(seed.bytes(), kNow);
              (void)verify_steam(seed.bytes(), code->text(), kNow);
          }).empty());
}
