// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "countersign/code_stretch.h"
#include "primitives.h"
#include "secret_text.h"

namespace countersign {
namespace {

constexpr std::string_view kDigestLabel = "cs-code-1";

Result<void> check_size(SecretView bytes, std::size_t size) noexcept {
    if (bytes.size() < size) return fail(ErrorCode::SecretTooShort);
    if (bytes.size() > size) return fail(ErrorCode::SecretTooLong);
    return {};
}

/// The length before the text keeps (`ab`, `c`) and (`a`, `bc`) apart.
void append_with_length(SecretText& message, std::string_view text) {
    for (unsigned shift = 0; shift < 32; shift += 8) message.append(static_cast<char>(text.size() >> shift & 0xffU));
    message.append(text);
}

Secret hash(SecretView key, SecretText& message) {
    const Secret text = message.take();
    Secret digest(32);
    blake2b(key.first<kStretchKeyBytes>(), text.bytes(), digest.writable().first<32>());
    return digest;
}

}  // namespace

Result<Secret> derive_code_salt(SecretView salt_key, std::string_view realm, std::string_view user) {
    if (const auto sound = check_size(salt_key, kStretchKeyBytes); !sound) return fail(sound.error().code);
    SecretText message(realm.size() + user.size() + 8);
    append_with_length(message, realm);
    append_with_length(message, user);
    Secret salt = hash(salt_key, message);
    salt.truncate(kStretchSaltBytes);
    return salt;
}

Result<Secret> digest_stretched_code(SecretView pepper, std::string_view realm, std::string_view user,
                                     SecretView stretched) {
    if (const auto sound = check_size(pepper, kStretchKeyBytes); !sound) return fail(sound.error().code);
    if (const auto sound = check_size(stretched, kStretchedBytes); !sound) return fail(sound.error().code);
    SecretText message(kDigestLabel.size() + realm.size() + user.size() + kStretchedBytes + 8);
    message.append(kDigestLabel);
    append_with_length(message, realm);
    append_with_length(message, user);
    message.append(std::string_view(reinterpret_cast<const char*>(stretched.data()), stretched.size()));
    return hash(pepper, message);
}

}  // namespace countersign
