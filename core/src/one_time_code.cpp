// SPDX-License-Identifier: Apache-2.0
#include "one_time_code.h"

#include <algorithm>
#include <span>

#include "declassify.h"
#include "masks.h"

namespace countersign {
namespace {

/// Digits and capitals without those that are mistaken for another.
constexpr std::string_view kSteamAlphabet = "23456789BCDFGHJKMNPQRTVWXY";

/// All ones when `c` is none of the symbols that codes are spelled with, else zero.
std::uint64_t foreign_mask(char c, Spelling spelling) noexcept {
    if (spelling == Spelling::Decimal) return ~range_mask(c, '0', '9');
    std::uint64_t known = 0;
    for (const char letter : kSteamAlphabet) known |= equal_mask(c, letter);
    return ~known;
}

/// The four bytes that the digest's last one points to (RFC 4226, 5.3); every byte is read.
std::uint32_t truncate_digest(const Digest& digest) noexcept {
    const unsigned offset = digest.bytes[digest.size - 1] & 0xfU;
    std::uint64_t word = 0;
    for (unsigned i = 0; i < 16; ++i) {
        const auto at = [&digest, i](unsigned k) { return std::uint64_t{digest.bytes[i + k]}; };
        const std::uint64_t here = at(0) << 24 | at(1) << 16 | at(2) << 8 | at(3);
        word |= here & equal_mask(std::uint64_t{i}, offset);
    }
    return static_cast<std::uint32_t>(word) & 0x7fffffffU;
}

/// Writes the low digits of `number`, leading zeros included. The quotient comes from a multiplication,
/// exact for every 32-bit number, because the time of a division depends on what is divided.
void write_digits(std::uint32_t number, std::span<char> digits) noexcept {
    for (std::size_t i = digits.size(); i-- > 0;) {
        const auto tenth = static_cast<std::uint32_t>((std::uint64_t{number} * 0xcccccccdU) >> 35);
        digits[i] = static_cast<char>('0' + (number - tenth * 10));
        number = tenth;
    }
}

/// Writes the low symbols of `number` in base 26, the lowest first; every letter of the alphabet is read.
/// The multiplication is exact for every 32-bit number, as above.
void write_steam(std::uint32_t number, std::span<char> symbols) noexcept {
    for (char& symbol : symbols) {
        const auto part = static_cast<std::uint32_t>((std::uint64_t{number} * 0x4ec4ec4fU) >> 35);
        const std::uint32_t index = number - part * 26;
        std::uint64_t letter = 0;
        for (std::uint32_t i = 0; i < kSteamAlphabet.size(); ++i)
            letter |= static_cast<unsigned char>(kSteamAlphabet[i]) & equal_mask(std::uint64_t{i}, index);
        symbol = static_cast<char>(letter);
        number = part;
    }
}

bool in_window(int steps) noexcept { return steps >= 0 && steps <= kMaxWindowSteps; }

}  // namespace

Result<void> check_shape(const CodeShape& shape) noexcept {
    if (shape.algorithm > Algorithm::Sha512) return fail(ErrorCode::AlgorithmUnknown);
    if (shape.digits < kMinDigits || shape.digits > kMaxDigits) return fail(ErrorCode::DigitsOutOfRange);
    return {};
}

Result<void> check_secret(SecretView secret) noexcept {
    if (secret.empty()) return fail(ErrorCode::SecretTooShort);
    if (secret.size() > kMaxSecretBytes) return fail(ErrorCode::SecretTooLong);
    return {};
}

Result<void> check_code(std::string_view code, const CodeShape& shape) noexcept {
    if (code.size() != static_cast<std::size_t>(shape.digits)) return fail(ErrorCode::CodeMalformed);
    std::uint64_t foreign = 0;
    for (const char c : code) foreign |= foreign_mask(c, shape.spelling);
    if (declassify(foreign) != 0) return fail(ErrorCode::CodeMalformed);
    return {};
}

void Candidate::make(std::uint64_t counter) noexcept {
    std::array<std::uint8_t, 8> message;
    for (unsigned i = 0; i < 8; ++i) message[i] = static_cast<std::uint8_t>(counter >> (56 - 8 * i));
    Digest digest;
    key_.sign(message, digest);
    const std::span<char> symbols(text_.data(), static_cast<std::size_t>(shape_.digits));
    if (shape_.spelling == Spelling::Steam)
        write_steam(truncate_digest(digest), symbols);
    else
        write_digits(truncate_digest(digest), symbols);
    wipe_memory(&digest, sizeof digest);
}

std::uint64_t Candidate::equals(std::string_view code) const noexcept {
    unsigned difference = 0;
    for (std::size_t i = 0; i < code.size(); ++i) difference |= static_cast<unsigned>(text_[i] ^ code[i]);
    return equal_mask(std::uint64_t{difference}, 0);
}

std::string_view Candidate::text() const noexcept {
    return {text_.data(), static_cast<std::size_t>(shape_.digits)};
}

void assign_where(std::uint64_t mask, std::uint64_t& target, std::uint64_t value) noexcept {
    target = (value & mask) | (target & ~mask);
}

std::optional<std::uint64_t> find_code(Candidate& candidate, std::string_view code, CounterRange range) noexcept {
    std::uint64_t found = 0;
    std::uint64_t counter = 0;
    for (std::uint64_t i = 0; i < range.count; ++i) {
        candidate.make(range.first + i);
        const std::uint64_t match = candidate.equals(code);
        assign_where(match, counter, range.first + i);
        found |= match;
    }
    if (declassify(found) == 0) return std::nullopt;
    return declassify(counter);
}

std::optional<std::uint64_t> find_pair(Candidate& candidate, std::string_view first, std::string_view second,
                                       CounterRange range) noexcept {
    std::uint64_t found = 0;
    std::uint64_t counter = 0;
    std::uint64_t before = 0;
    for (std::uint64_t i = 0; i < range.count; ++i) {
        candidate.make(range.first + i);
        const std::uint64_t match = before & candidate.equals(second);
        assign_where(match, counter, range.first + i);
        found |= match;
        before = candidate.equals(first);
    }
    if (declassify(found) == 0) return std::nullopt;
    return declassify(counter);
}

Result<Verdict> verify_in_window(SecretView secret, std::string_view code, const CodeShape& shape,
                                 const WindowQuestion& question) noexcept {
    if (!in_window(question.past_steps) || !in_window(question.future_steps))
        return fail(ErrorCode::WindowOutOfRange);
    if (const auto sound = check_code(code, shape); !sound) return fail(sound.error().code);

    // Signed on purpose: with unsigned steps, one before step 0 would be the last of all.
    const std::int64_t first = std::max<std::int64_t>(0, question.center.value - question.past_steps);
    const std::int64_t last = question.center.value + question.future_steps;
    const std::int64_t floor = question.last_used ? question.last_used->value : -1;
    const std::int64_t fresh = std::clamp(floor, first - 1, last) + 1;  // where unused steps begin
    const auto steps = [](std::int64_t from, std::int64_t end) {
        return CounterRange{static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(end - from)};
    };

    Candidate candidate(secret, shape);
    const auto used = find_code(candidate, code, steps(first, fresh));
    const auto accepted = find_code(candidate, code, steps(fresh, last + 1));
    const auto verdict = [](Outcome outcome, std::uint64_t step) {
        return Verdict{outcome, TimeStep{static_cast<std::int64_t>(step)}};
    };
    if (accepted) return verdict(Outcome::Accepted, *accepted);
    if (used) return verdict(Outcome::Replayed, *used);
    return verdict(Outcome::Rejected, 0);
}

}  // namespace countersign
