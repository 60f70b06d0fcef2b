// SPDX-License-Identifier: Apache-2.0
// Opens a sealed box with libsodium alone, so that it is a witness: nothing here knows our core. From standard
// input: public key, secret key and box, in base64url. To standard output: label, session, user, pending id and
// message, a line each, in base64url again. Exit 1 when the box does not open or does not have this form.
#include <sodium.h>

#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

Bytes read_bytes() {
    std::string text;
    std::cin >> text;
    Bytes bytes(text.size());
    std::size_t size = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, kVariant) != 0)
        return {};
    bytes.resize(size);
    return bytes;
}

void print(const std::uint8_t* bytes, std::size_t size) {
    std::string text(sodium_base64_encoded_len(size, kVariant), '\0');
    std::cout << sodium_bin2base64(text.data(), text.size(), bytes, size, kVariant) << '\n';
}

/// Prints the label and the four fields; false when they are not the whole.
bool print_fields(const Bytes& plain) {
    constexpr std::size_t kLabel = 8;
    if (plain.size() < kLabel) return false;
    print(plain.data(), kLabel);
    std::size_t at = kLabel;
    for (int field = 0; field < 4; ++field) {
        if (plain.size() - at < 4) return false;
        const auto byte = [&](std::size_t index) { return std::size_t{plain[at + index]} << (8 * index); };
        const std::size_t size = byte(0) | byte(1) | byte(2) | byte(3);
        at += 4;
        if (plain.size() - at < size) return false;
        print(plain.data() + at, size);
        at += size;
    }
    return at == plain.size();
}

}  // namespace

int main() {
    if (sodium_init() < 0) return 1;
    const Bytes public_key = read_bytes();
    const Bytes secret_key = read_bytes();
    const Bytes sealed = read_bytes();
    if (public_key.size() != crypto_box_curve25519xchacha20poly1305_PUBLICKEYBYTES ||
        secret_key.size() != crypto_box_curve25519xchacha20poly1305_SECRETKEYBYTES ||
        sealed.size() < crypto_box_curve25519xchacha20poly1305_SEALBYTES) {
        return 1;
    }
    Bytes plain(sealed.size() - crypto_box_curve25519xchacha20poly1305_SEALBYTES);
    const int opened = crypto_box_curve25519xchacha20poly1305_seal_open(plain.data(), sealed.data(), sealed.size(),
                                                                        public_key.data(), secret_key.data());
    return opened == 0 && print_fields(plain) ? 0 : 1;
}
