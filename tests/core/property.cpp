// SPDX-License-Identifier: Apache-2.0
#include "property.h"

#include <cstdlib>
#include <iostream>

using namespace countersign;

namespace {

std::uint32_t seed_of_run() {
    static const std::uint32_t seed = [] {
        const char* given = std::getenv("COUNTERSIGN_SEED");
        const auto drawn = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                            : std::random_device{}();
        std::cout << "properties: COUNTERSIGN_SEED=" << drawn << '\n';
        return drawn;
    }();
    return seed;
}

std::mt19937_64 engine_of(std::uint32_t seed, std::string_view property) {
    std::vector<std::uint32_t> words{seed};
    for (const char c : property) words.push_back(static_cast<unsigned char>(c));
    std::seed_seq sequence(words.begin(), words.end());
    return std::mt19937_64(sequence);
}

}  // namespace

Draw::Draw(std::string_view property) : seed_(seed_of_run()), engine_(engine_of(seed_, property)) {}

std::int64_t Draw::between(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
}

std::vector<std::uint8_t> Draw::bytes(std::size_t least, std::size_t most) {
    const auto size = between(static_cast<std::int64_t>(least), static_cast<std::int64_t>(most));
    std::vector<std::uint8_t> drawn(static_cast<std::size_t>(size));
    for (std::uint8_t& byte : drawn) byte = static_cast<std::uint8_t>(word() >> 56);
    return drawn;
}

Secret Draw::secret(std::size_t least, std::size_t most) { return Secret(SecretView(bytes(least, most))); }

std::string Draw::text(const std::vector<std::string>& characters, std::size_t least, std::size_t most) {
    std::string drawn;
    const auto size = between(static_cast<std::int64_t>(least), static_cast<std::int64_t>(most));
    const auto last = static_cast<std::int64_t>(characters.size()) - 1;
    for (std::int64_t i = 0; i < size; ++i) drawn += characters[static_cast<std::size_t>(between(0, last))];
    return drawn;
}

TotpParameters Draw::parameters() {
    TotpParameters drawn;
    drawn.algorithm = static_cast<Algorithm>(between(0, 2));
    drawn.digits = static_cast<int>(between(kMinDigits, kMaxDigits));
    drawn.period_seconds = coin() ? 30 : between(1, kMaxPeriodSeconds);
    return drawn;
}

std::string Draw::name() {
    static const std::vector<std::string> anywhere{"a",  "Z", "7", "%", "+", "&", "=", "?", "#", "/", "@",
                                                   "\"", "'", ".", "-", "\xc3\xbc", "\xe9\x8a\x80", "\xf0\x9f\x94\x91"};
    std::string drawn = text(anywhere, 1, 15);
    if (coin()) drawn += ' ' + text(anywhere, 1, 15);
    return drawn;
}

OtpauthUri Draw::uri() {
    OtpauthUri drawn;
    drawn.type = coin() ? OtpType::Totp : OtpType::Hotp;
    drawn.issuer = name();
    drawn.account = name();
    drawn.secret = secret(16, 64);
    drawn.parameters = parameters();
    if (drawn.type == OtpType::Hotp) {
        drawn.parameters.period_seconds = 30;
        drawn.counter = word() >> between(0, 63);
    }
    return drawn;
}
