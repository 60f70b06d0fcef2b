// SPDX-License-Identifier: Apache-2.0
#include "primitives.h"

#include <sodium.h>

#include <cstdlib>
#include <cstring>

// The one border to libsodium. A well-kept library is preferred to code of our own wherever it has what
// we need; SHA-1, which it lacks on purpose, stands in sha1.cpp.
namespace countersign {
namespace {

/// Prepares the library once, before its first use, from whichever thread comes first.
void require_sodium() noexcept {
    static const bool ready = sodium_init() >= 0;
    if (!ready) std::abort();
}

static_assert(sizeof(crypto_auth_hmacsha256_state) <= sizeof(HmacSha256State));
static_assert(sizeof(crypto_auth_hmacsha512_state) <= sizeof(HmacSha512State));

static_assert(kArgon2SaltBytes == crypto_pwhash_argon2id_SALTBYTES);

/// More than libsodium has in its frames, where it leaves some of its input, its keys and its result.
constexpr std::size_t kLibraryStackBytes = 8192;

static_assert(kSealBytes == crypto_box_curve25519xchacha20poly1305_SEALBYTES);

}  // namespace

void wipe_memory(void* data, std::size_t size) noexcept {
    if (size != 0) sodium_memzero(data, size);
}

bool equal_constant_time(SecretView a, SecretView b) noexcept {
    if (a.size() != b.size()) return false;
    return a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void fill_random(std::span<std::uint8_t> out) noexcept {
    require_sodium();
    if (!out.empty()) randombytes_buf(out.data(), out.size());
}

void start_hmac(HmacSha256State& state, SecretView key) noexcept {
    crypto_auth_hmacsha256_state started;
    crypto_auth_hmacsha256_init(&started, key.data(), key.size());
    std::memcpy(state.storage.data(), &started, sizeof started);
    sodium_memzero(&started, sizeof started);
}

void start_hmac(HmacSha512State& state, SecretView key) noexcept {
    crypto_auth_hmacsha512_state started;
    crypto_auth_hmacsha512_init(&started, key.data(), key.size());
    std::memcpy(state.storage.data(), &started, sizeof started);
    sodium_memzero(&started, sizeof started);
}

void finish_hmac(const HmacSha256State& state, SecretView message,
                 std::span<std::uint8_t, 32> digest) noexcept {
    crypto_auth_hmacsha256_state copy;
    std::memcpy(&copy, state.storage.data(), sizeof copy);
    crypto_auth_hmacsha256_update(&copy, message.data(), message.size());
    crypto_auth_hmacsha256_final(&copy, digest.data());
    sodium_memzero(&copy, sizeof copy);
}

void finish_hmac(const HmacSha512State& state, SecretView message,
                 std::span<std::uint8_t, 64> digest) noexcept {
    crypto_auth_hmacsha512_state copy;
    std::memcpy(&copy, state.storage.data(), sizeof copy);
    crypto_auth_hmacsha512_update(&copy, message.data(), message.size());
    crypto_auth_hmacsha512_final(&copy, digest.data());
    sodium_memzero(&copy, sizeof copy);
}

bool argon2id(SecretView password, std::span<const std::uint8_t, kArgon2SaltBytes> salt, unsigned passes,
              std::size_t memory_bytes, std::span<std::uint8_t, 32> out) noexcept {
    require_sodium();
    const char* const text = password.empty() ? "" : reinterpret_cast<const char*>(password.data());  // never null
    const int failed = crypto_pwhash_argon2id(
        out.data(), out.size(), text, password.size(), salt.data(),
        passes, memory_bytes, crypto_pwhash_argon2id_ALG_ARGON2ID13);
    sodium_stackzero(kLibraryStackBytes);
    return failed == 0;
}

void blake2b(std::span<const std::uint8_t, 32> key, SecretView message,
             std::span<std::uint8_t, 32> out) noexcept {
    require_sodium();
    crypto_generichash_blake2b(out.data(), out.size(), message.data(), message.size(), key.data(), key.size());
    sodium_stackzero(kLibraryStackBytes);
}

void blake2b(SecretView message, std::span<std::uint8_t, 32> out) noexcept {
    require_sodium();
    crypto_generichash_blake2b(out.data(), out.size(), message.data(), message.size(), nullptr, 0);
    sodium_stackzero(kLibraryStackBytes);
}

void make_ed25519_public_key(std::span<const std::uint8_t, 32> seed, std::span<std::uint8_t, 32> public_key) noexcept {
    require_sodium();
    Secret expanded(crypto_sign_ed25519_SECRETKEYBYTES);
    crypto_sign_ed25519_seed_keypair(public_key.data(), expanded.writable().data(), seed.data());
    sodium_stackzero(kLibraryStackBytes);
}

void sign_ed25519(std::span<const std::uint8_t, 32> seed, SecretView message,
                  std::span<std::uint8_t, 64> signature) noexcept {
    require_sodium();
    Secret expanded(crypto_sign_ed25519_SECRETKEYBYTES);
    std::array<std::uint8_t, crypto_sign_ed25519_PUBLICKEYBYTES> public_key;
    crypto_sign_ed25519_seed_keypair(public_key.data(), expanded.writable().data(), seed.data());
    crypto_sign_ed25519_detached(signature.data(), nullptr, message.data(), message.size(), expanded.bytes().data());
    sodium_stackzero(kLibraryStackBytes);
}

bool verify_ed25519(std::span<const std::uint8_t, 32> public_key, SecretView message,
                    std::span<const std::uint8_t, 64> signature) noexcept {
    require_sodium();
    return crypto_sign_ed25519_verify_detached(signature.data(), message.data(), message.size(),
                                               public_key.data()) == 0;
}

void make_x25519_keys(std::span<std::uint8_t, 32> public_key, std::span<std::uint8_t, 32> secret_key) noexcept {
    require_sodium();
    if (crypto_box_curve25519xchacha20poly1305_keypair(public_key.data(), secret_key.data()) != 0) std::abort();
    sodium_stackzero(kLibraryStackBytes);
}

bool seal(std::span<const std::uint8_t, 32> public_key, SecretView message,
          std::span<std::uint8_t> sealed) noexcept {
    require_sodium();
    const int failed = crypto_box_curve25519xchacha20poly1305_seal(sealed.data(), message.data(), message.size(),
                                                                   public_key.data());
    sodium_stackzero(kLibraryStackBytes);
    return failed == 0;
}

bool open_seal(std::span<const std::uint8_t, 32> public_key, std::span<const std::uint8_t, 32> secret_key,
               SecretView sealed, std::span<std::uint8_t> message) noexcept {
    require_sodium();
    const int failed = crypto_box_curve25519xchacha20poly1305_seal_open(
        message.data(), sealed.data(), sealed.size(), public_key.data(), secret_key.data());
    sodium_stackzero(kLibraryStackBytes);
    return failed == 0;
}

}  // namespace countersign
