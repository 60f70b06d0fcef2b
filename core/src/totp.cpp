// SPDX-License-Identifier: Apache-2.0
#include "countersign/totp.h"

#include <algorithm>
#include <array>
#include <span>

#include "hmac.h"

// Nothing below branches on, indexes by or divides a value that comes from the secret: a code is made
// and compared with masks and multiplications only.
namespace countersign {
namespace {

using CodeText = std::array<char, kMaxDigits>;

Result<TimeStep> check(SecretView secret, UnixSeconds time, const TotpParameters& parameters) noexcept {
    if (parameters.algorithm > Algorithm::Sha512) return fail(ErrorCode::AlgorithmUnknown);
    if (parameters.digits < kMinDigits || parameters.digits > kMaxDigits)
        return fail(ErrorCode::DigitsOutOfRange);
    const auto step = time_step_at(time, parameters.period_seconds);
    if (!step) return step;
    if (secret.empty()) return fail(ErrorCode::SecretTooShort);
    if (secret.size() > kMaxSecretBytes) return fail(ErrorCode::SecretTooLong);
    return step;
}

bool is_code(std::string_view code, int digits) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return code.size() == static_cast<std::size_t>(digits) && std::all_of(code.begin(), code.end(), is_digit);
}

/// All ones when both are equal, else zero.
std::uint64_t equal_mask(std::uint64_t a, std::uint64_t b) noexcept {
    const std::uint64_t difference = a ^ b;
    return ((difference | (0 - difference)) >> 63) - 1;
}

/// The four bytes that the digest's last one points to (RFC 4226, 5.3); every byte is read.
std::uint32_t truncate_digest(const Digest& digest) noexcept {
    const unsigned offset = digest.bytes[digest.size - 1] & 0xfU;
    std::uint64_t word = 0;
    for (unsigned i = 0; i < 16; ++i) {
        const auto at = [&digest, i](unsigned k) { return std::uint64_t{digest.bytes[i + k]}; };
        const std::uint64_t here = at(0) << 24 | at(1) << 16 | at(2) << 8 | at(3);
        word |= here & equal_mask(i, offset);
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

/// The code of one step; wipes its own traces, `code` is the caller's to wipe.
void write_code(const HmacKey& key, TimeStep step, std::span<char> code) noexcept {
    std::array<std::uint8_t, 8> message;
    for (unsigned i = 0; i < 8; ++i)
        message[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step.value) >> (56 - 8 * i));
    Digest digest;
    key.sign(message, digest);
    write_digits(truncate_digest(digest), code);
    wipe_memory(&digest, sizeof digest);
}

/// Makes one candidate after the other and compares it with what was typed.
class Comparison {
  public:
    Comparison(SecretView secret, std::string_view code, const TotpParameters& parameters) noexcept
        : key_(parameters.algorithm, secret), code_(code) {}
    ~Comparison() { wipe_memory(candidate_.data(), candidate_.size()); }
    Comparison(const Comparison&) = delete;
    Comparison& operator=(const Comparison&) = delete;

    /// All ones when the typed code is that of `step`, else zero.
    std::uint64_t matches(TimeStep step) noexcept {
        const std::span<char> candidate(candidate_.data(), code_.size());
        write_code(key_, step, candidate);
        unsigned difference = 0;
        for (std::size_t i = 0; i < code_.size(); ++i)
            difference |= static_cast<unsigned>(candidate[i] ^ code_[i]);
        return equal_mask(difference, 0);
    }

  private:
    HmacKey key_;
    std::string_view code_;
    CodeText candidate_{};
};

void assign_where(std::uint64_t mask, std::int64_t& target, std::int64_t value) noexcept {
    target = static_cast<std::int64_t>((static_cast<std::uint64_t>(value) & mask) |
                                       (static_cast<std::uint64_t>(target) & ~mask));
}

constexpr std::int64_t kNone = -1;

bool in_window(int steps) { return steps >= 0 && steps <= kMaxWindowSteps; }

}  // namespace

Result<TimeStep> time_step_at(UnixSeconds time, std::int64_t period_seconds) noexcept {
    if (period_seconds < 1 || period_seconds > kMaxPeriodSeconds) return fail(ErrorCode::PeriodOutOfRange);
    if (time.value < 0 || time.value > kMaxUnixSeconds) return fail(ErrorCode::TimeOutOfRange);
    return TimeStep{time.value / period_seconds};
}

Result<Secret> generate_totp(SecretView secret, UnixSeconds time, const TotpParameters& parameters) {
    const auto step = check(secret, time, parameters);
    if (!step) return fail(step.error().code);
    CodeText text{};
    const std::span<char> digits(text.data(), static_cast<std::size_t>(parameters.digits));
    write_code(HmacKey(parameters.algorithm, secret), *step, digits);
    Secret code(std::string_view(digits.data(), digits.size()));
    wipe_memory(text.data(), text.size());
    return code;
}

Result<Verdict> verify_totp(SecretView secret, std::string_view code, UnixSeconds now,
                            const VerifyOptions& options) {
    const auto center = check(secret, now, options.parameters);
    if (!center) return fail(center.error().code);
    if (!in_window(options.past_steps) || !in_window(options.future_steps))
        return fail(ErrorCode::WindowOutOfRange);
    if (!is_code(code, options.parameters.digits)) return fail(ErrorCode::CodeMalformed);

    // Signed on purpose: with unsigned steps, one before step 0 would be the last of all.
    const std::int64_t first = std::max<std::int64_t>(0, center->value - options.past_steps);
    const std::int64_t last = center->value + options.future_steps;
    const std::int64_t floor = options.last_used ? options.last_used->value : kNone;

    Comparison comparison(secret, code, options.parameters);
    std::int64_t fresh = kNone;
    std::int64_t used = kNone;
    for (std::int64_t step = first; step <= last; ++step) {
        const std::uint64_t match = comparison.matches(TimeStep{step});
        const std::uint64_t above = step > floor ? ~std::uint64_t{0} : 0;  // no secret: both are known
        assign_where(match & above, fresh, step);
        assign_where(match & ~above, used, step);
    }
    if (fresh != kNone) return Verdict{Outcome::Accepted, TimeStep{fresh}};
    if (used != kNone) return Verdict{Outcome::Replayed, TimeStep{used}};
    return Verdict{Outcome::Rejected, TimeStep{0}};
}

Result<std::optional<TimeStep>> locate_totp(SecretView secret, std::string_view code, UnixSeconds now,
                                            int radius_steps, const TotpParameters& parameters) {
    const auto center = check(secret, now, parameters);
    if (!center) return fail(center.error().code);
    if (radius_steps < 0 || radius_steps > kMaxLocateRadius) return fail(ErrorCode::WindowOutOfRange);
    if (!is_code(code, parameters.digits)) return fail(ErrorCode::CodeMalformed);

    Comparison comparison(secret, code, parameters);
    std::int64_t nearest = kNone;
    for (std::int64_t distance = radius_steps; distance >= 0; --distance) {  // so that the nearest comes last
        const std::int64_t later = center->value + distance;
        const std::int64_t earlier = center->value - distance;
        assign_where(comparison.matches(TimeStep{later}), nearest, later);
        if (earlier >= 0) assign_where(comparison.matches(TimeStep{earlier}), nearest, earlier);
    }
    if (nearest == kNone) return std::optional<TimeStep>{};
    return std::optional<TimeStep>{TimeStep{nearest}};
}

}  // namespace countersign
