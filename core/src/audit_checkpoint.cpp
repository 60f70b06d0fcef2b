// SPDX-License-Identifier: Apache-2.0
// Checkpoints as signed bytes and as the line that somebody keeps.
#include <algorithm>

#include "countersign/audit_chain.h"
#include "primitives.h"

namespace countersign {
namespace {

constexpr std::string_view kLabel = "cs-checkpoint-1";
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::int64_t kLargestNumber = (std::int64_t{1} << 53) - 1;

static_assert(kLabel.size() + 3 * sizeof(std::uint64_t) + kChainHashBytes == kCheckpointBytes);

bool in_range(const Checkpoint& checkpoint) noexcept {
    const auto between = [](std::int64_t least, std::int64_t value) {
        return least <= value && value <= kLargestNumber;
    };
    return between(1, checkpoint.epoch) && between(1, checkpoint.size) && between(0, checkpoint.time.value);
}

void append_hex(std::string& line, SecretView bytes) {
    for (const std::uint8_t byte : bytes) {
        line += kHexDigits[byte >> 4U];
        line += kHexDigits[byte & 15U];
    }
}

/// Takes a field up to the next space, and the space.
std::string_view take_field(std::string_view& rest) noexcept {
    const auto end = std::min(rest.find(' '), rest.size());
    const std::string_view field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return field;
}

/// Decimal without sign or leading zeros; -1, which is in no range, for anything else.
std::int64_t number_in(std::string_view digits) noexcept {
    if (digits.empty() || digits.size() > 16 || (digits[0] == '0' && digits.size() > 1)) return -1;
    std::int64_t number = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return -1;
        number = number * 10 + (digit - '0');
    }
    return number;
}

bool read_hex(std::string_view hex, std::span<std::uint8_t> out) noexcept {
    if (hex.size() != 2 * out.size()) return false;
    for (std::size_t i = 0; i < hex.size(); ++i) {
        const auto value = kHexDigits.find(hex[i]);
        if (value == std::string_view::npos) return false;
        out[i / 2] = static_cast<std::uint8_t>(static_cast<unsigned>(out[i / 2]) << 4U | static_cast<unsigned>(value));
    }
    return true;
}

}  // namespace

std::array<std::uint8_t, kCheckpointBytes> checkpoint_bytes(const Checkpoint& checkpoint) noexcept {
    std::array<std::uint8_t, kCheckpointBytes> bytes;
    auto* out = std::copy(kLabel.begin(), kLabel.end(), bytes.begin());
    const auto put = [&out](std::int64_t number) {
        for (unsigned shift = 0; shift < 64; shift += 8)
            *out++ = static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> shift);
    };
    put(checkpoint.epoch);
    put(checkpoint.size);
    out = std::copy(checkpoint.head.begin(), checkpoint.head.end(), out);
    put(checkpoint.time.value);
    return bytes;
}

Result<AuditPublicKey> audit_public_key(SecretView seed) {
    if (seed.size() != kAuditKeyBytes) return fail(ErrorCode::AuditKeyMalformed);
    AuditPublicKey key;
    make_ed25519_public_key(seed.first<kAuditKeyBytes>(), key);
    return key;
}

Result<SignedCheckpoint> sign_checkpoint(const Checkpoint& checkpoint, SecretView seed) {
    if (seed.size() != kAuditKeyBytes) return fail(ErrorCode::AuditKeyMalformed);
    if (!in_range(checkpoint)) return fail(ErrorCode::AuditCheckpointMalformed);
    SignedCheckpoint out{checkpoint, {}};
    sign_ed25519(seed.first<kAuditKeyBytes>(), checkpoint_bytes(checkpoint), out.signature);
    return out;
}

Result<bool> verify_checkpoint(const SignedCheckpoint& checkpoint, SecretView public_key) {
    if (public_key.size() != kAuditKeyBytes) return fail(ErrorCode::AuditKeyMalformed);
    return verify_ed25519(public_key.first<kAuditKeyBytes>(), checkpoint_bytes(checkpoint.checkpoint),
                          checkpoint.signature);
}

std::string format_checkpoint(const SignedCheckpoint& checkpoint) {
    const auto& [epoch, size, head, time] = checkpoint.checkpoint;
    std::string line(kLabel);
    line.append(" ").append(std::to_string(epoch)).append(" ").append(std::to_string(size)).append(" ");
    append_hex(line, head);
    line.append(" ").append(std::to_string(time.value)).append(" ");
    append_hex(line, checkpoint.signature);
    return line;
}

Result<SignedCheckpoint> parse_checkpoint(std::string_view line) {
    SignedCheckpoint out;
    const bool labeled = take_field(line) == kLabel;
    out.checkpoint.epoch = number_in(take_field(line));
    out.checkpoint.size = number_in(take_field(line));
    const bool has_head = read_hex(take_field(line), out.checkpoint.head);
    out.checkpoint.time = UnixSeconds{number_in(take_field(line))};
    // The signature is all that is left: nothing comes after it, not even a space.
    if (!labeled || !has_head || !in_range(out.checkpoint) || !read_hex(line, out.signature)) {
        return fail(ErrorCode::AuditCheckpointMalformed);
    }
    return out;
}

}  // namespace countersign
