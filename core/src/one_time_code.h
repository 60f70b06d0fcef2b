// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "countersign/totp.h"
#include "hmac.h"

// What HOTP, TOTP and Steam Guard share: a counter becomes a code, and a typed code is looked for among
// counters. Nothing here branches on, indexes by or divides a value that comes from the secret: a code is
// made and compared with masks and multiplications only.
namespace countersign {

/// How the number that RFC 4226, 5.3 cuts out of a digest is spelled.
enum class Spelling : unsigned char { Decimal, Steam };

struct CodeShape {
    Algorithm algorithm = Algorithm::Sha1;
    int digits = 6;  ///< symbols, for Steam
    Spelling spelling = Spelling::Decimal;
};

/// Errors: `otp.algorithm_unknown`, `otp.digits_out_of_range`. For `Spelling::Decimal`.
[[nodiscard]] Result<void> check_shape(const CodeShape& shape) noexcept;
/// Errors: `secret.too_short`, `secret.too_long`.
[[nodiscard]] Result<void> check_secret(SecretView secret) noexcept;
/// Errors: `otp.code_malformed`.
[[nodiscard]] Result<void> check_code(std::string_view code, const CodeShape& shape) noexcept;

/// The code of one counter after another, to be compared with what was typed. Wiped on destruction.
class Candidate {
  public:
    Candidate(SecretView secret, const CodeShape& shape) noexcept : key_(shape.algorithm, secret), shape_(shape) {}
    ~Candidate() { wipe_memory(text_.data(), text_.size()); }
    Candidate(const Candidate&) = delete;
    Candidate& operator=(const Candidate&) = delete;

    /// Becomes the code of `counter`; wipes its other traces.
    void make(std::uint64_t counter) noexcept;
    /// All ones when `code`, of the right length, is the present one, else zero.
    [[nodiscard]] std::uint64_t equals(std::string_view code) const noexcept;
    /// Valid until the next `make`.
    [[nodiscard]] std::string_view text() const noexcept;

  private:
    HmacKey key_;
    CodeShape shape_;
    std::array<char, kMaxDigits> text_{};
};

/// Writes `value` where the mask is all ones, and what was there where it is zero.
void assign_where(std::uint64_t mask, std::uint64_t& target, std::uint64_t value) noexcept;

/// Counters next to each other: `count` of them from `first`; the last is at most 2^64 - 1.
struct CounterRange {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};

/// The highest counter in the range whose code is `code`. Every one is looked at, also after a match.
[[nodiscard]] std::optional<std::uint64_t> find_code(Candidate& candidate, std::string_view code,
                                                     CounterRange range) noexcept;

/// The highest counter in the range, its first left out, whose code is `second` while that of the counter
/// before it is `first`. Every one is looked at.
[[nodiscard]] std::optional<std::uint64_t> find_pair(Candidate& candidate, std::string_view first,
                                                     std::string_view second, CounterRange range) noexcept;

/// What `verify_totp` asks once secret, shape and time are known to be sound.
struct WindowQuestion {
    TimeStep center;
    int past_steps = 0;
    int future_steps = 0;
    std::optional<TimeStep> last_used;
};

/// Errors: `otp.window_out_of_range`, `otp.code_malformed`.
[[nodiscard]] Result<Verdict> verify_in_window(SecretView secret, std::string_view code, const CodeShape& shape,
                                               const WindowQuestion& question) noexcept;

}  // namespace countersign
