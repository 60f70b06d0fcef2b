// SPDX-License-Identifier: Apache-2.0
#include "sha1.h"

#include <algorithm>
#include <bit>

#include "countersign/secret.h"

// SHA-1 (FIPS 180-4, 6.1), for HMAC only: libsodium leaves it out, and nearly every authenticator app
// needs it. The eighty steps are written out, because a loop with masked indices runs at half the speed.
namespace countersign {
namespace {

using Words = std::array<std::uint32_t, 16>;

std::uint32_t load_big_endian(const std::uint8_t* p) {
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

void store_big_endian(std::uint8_t* p, std::uint32_t word) {
    for (int i = 0; i < 4; ++i) p[i] = static_cast<std::uint8_t>(word >> (24 - 8 * i));
}

/// The word of step T; from the sixteenth on it takes the place of the one sixteen steps before.
template <unsigned T>
[[gnu::always_inline]] inline std::uint32_t word_of(Words& w) {
    if constexpr (T >= 16)
        w[T % 16] = std::rotl(w[(T + 13) % 16] ^ w[(T + 8) % 16] ^ w[(T + 2) % 16] ^ w[T % 16], 1);
    return w[T % 16];
}

template <unsigned T>
[[gnu::always_inline]] inline std::uint32_t mix(std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    if constexpr (T < 20)
        return (d ^ (b & (c ^ d))) + 0x5a827999U;
    else if constexpr (T < 40)
        return (b ^ c ^ d) + 0x6ed9eba1U;
    else if constexpr (T < 60)
        return ((b & c) | (d & (b | c))) + 0x8f1bbcdcU;
    else
        return (b ^ c ^ d) + 0xca62c1d6U;
}

/// One step. Instead of moving five values along, the caller passes them by rotated names.
template <unsigned T>
[[gnu::always_inline]] inline void step(Words& w, std::uint32_t a, std::uint32_t& b, std::uint32_t c,
                                        std::uint32_t d, std::uint32_t& e) {
    e += std::rotl(a, 5) + mix<T>(b, c, d) + word_of<T>(w);
    b = std::rotl(b, 30);
}

template <unsigned T>
[[gnu::always_inline]] inline void five_steps(Words& w, std::uint32_t& a, std::uint32_t& b,
                                              std::uint32_t& c, std::uint32_t& d, std::uint32_t& e) {
    step<T>(w, a, b, c, d, e);
    step<T + 1>(w, e, a, b, c, d);
    step<T + 2>(w, d, e, a, b, c);
    step<T + 3>(w, c, d, e, a, b);
    step<T + 4>(w, b, c, d, e, a);
}

template <unsigned T>
[[gnu::always_inline]] inline void twenty_steps(Words& w, std::uint32_t& a, std::uint32_t& b,
                                                std::uint32_t& c, std::uint32_t& d, std::uint32_t& e) {
    five_steps<T>(w, a, b, c, d, e);
    five_steps<T + 5>(w, a, b, c, d, e);
    five_steps<T + 10>(w, a, b, c, d, e);
    five_steps<T + 15>(w, a, b, c, d, e);
}

}  // namespace

void sha1_compress(Sha1State& state, std::span<const std::uint8_t, kSha1BlockBytes> block) noexcept {
    Words w;
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = load_big_endian(block.data() + 4 * i);
    auto [a, b, c, d, e] = state;
    twenty_steps<0>(w, a, b, c, d, e);
    twenty_steps<20>(w, a, b, c, d, e);
    twenty_steps<40>(w, a, b, c, d, e);
    twenty_steps<60>(w, a, b, c, d, e);
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
    wipe_memory(w.data(), sizeof w);
}

void sha1_finish(Sha1State& state, std::uint64_t hashed, std::span<const std::uint8_t> rest,
                 std::span<std::uint8_t, kSha1DigestBytes> digest) noexcept {
    const std::uint64_t total_bits = (hashed + rest.size()) * 8;
    for (; rest.size() >= kSha1BlockBytes; rest = rest.subspan(kSha1BlockBytes))
        sha1_compress(state, rest.first<kSha1BlockBytes>());

    std::array<std::uint8_t, 2 * kSha1BlockBytes> tail{};
    std::copy(rest.begin(), rest.end(), tail.begin());
    tail[rest.size()] = 0x80;
    const std::size_t size = rest.size() < kSha1BlockBytes - 8 ? kSha1BlockBytes : 2 * kSha1BlockBytes;
    store_big_endian(&tail[size - 8], static_cast<std::uint32_t>(total_bits >> 32));
    store_big_endian(&tail[size - 4], static_cast<std::uint32_t>(total_bits));
    for (std::size_t at = 0; at < size; at += kSha1BlockBytes)
        sha1_compress(state, std::span<const std::uint8_t, kSha1BlockBytes>(&tail[at], kSha1BlockBytes));

    for (std::size_t i = 0; i < state.size(); ++i) store_big_endian(&digest[4 * i], state[i]);
    wipe_memory(tail.data(), tail.size());
}

}  // namespace countersign
