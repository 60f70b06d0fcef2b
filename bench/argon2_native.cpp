// SPDX-License-Identifier: Apache-2.0
// Argon2id by the distribution's libsodium, as the core asks for it. Reads a line, hashes once, prints the milliseconds
// and the hash, until its input ends: so that others can be measured in turn with it.
#include <sodium.h>

#include <array>
#include <chrono>
#include <iostream>
#include <string>

int main() {
    if (sodium_init() < 0) return 1;
    const std::string code = "K7QF2M9XTRB4V3HF";
    std::array<unsigned char, crypto_pwhash_argon2id_SALTBYTES> salt{};
    for (unsigned char i = 0; i < salt.size(); ++i) salt[i] = i;
    std::array<unsigned char, 32> hash{};
    for (std::string line; std::getline(std::cin, line);) {
        const auto begin = std::chrono::steady_clock::now();
        if (crypto_pwhash_argon2id(hash.data(), hash.size(), code.data(), code.size(), salt.data(), 2, 19456 * 1024,
                                   crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
            return 1;
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
        std::array<char, 65> hex{};
        sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
        std::cout << took.count() << ' ' << hex.data() << std::endl;
    }
    return 0;
}
