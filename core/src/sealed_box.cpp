// SPDX-License-Identifier: Apache-2.0
#include "countersign/sealed_box.h"

#include <algorithm>
#include <optional>

#include "declassify.h"
#include "primitives.h"
#include "secret_text.h"

namespace countersign {
namespace {

constexpr std::string_view kLabel = "cs-box-1";
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kMaxSealedBytes = kSealBytes + kLabel.size() + 4 * kLengthBytes + 3 * kMaxBoxNameBytes +
                                        kMaxBoxMessageBytes;

SecretView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(SecretView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool fit(std::string_view session, std::string_view user, std::string_view pending_id) noexcept {
    return std::max({session.size(), user.size(), pending_id.size()}) <= kMaxBoxNameBytes;
}

void append_field(SecretText& plain, std::string_view field) {
    for (unsigned shift = 0; shift < 32; shift += 8) plain.append(static_cast<char>(field.size() >> shift & 0xffU));
    plain.append(field);
}

// Where the fields of an opened box end, and whether they are the expected ones, is declassified; what
// they hold is not.

/// Takes one field from the front; nothing when there is none.
std::optional<SecretView> take_field(SecretView& rest) noexcept {
    if (rest.size() < kLengthBytes) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;) size = size << 8 | rest[i];
    size = static_cast<std::size_t>(declassify(size));
    rest = rest.subspan(kLengthBytes);
    if (size > rest.size()) return std::nullopt;
    const SecretView field = rest.first(size);
    rest = rest.subspan(size);
    return field;
}

bool declassified_equal(SecretView a, SecretView b) noexcept {
    return declassify(static_cast<std::uint64_t>(equal_constant_time(a, b))) != 0;
}

bool take_label(SecretView& rest) noexcept {
    if (rest.size() < kLabel.size()) return false;
    if (!declassified_equal(rest.first(kLabel.size()), bytes_of(kLabel))) return false;
    rest = rest.subspan(kLabel.size());
    return true;
}

Result<Secret> message_in(SecretView plain, const ExpectedBox& expected) {
    if (!take_label(plain)) return fail(ErrorCode::BoxMalformed);
    const auto session = take_field(plain);
    const auto user = session ? take_field(plain) : std::nullopt;
    const auto pending_id = user ? take_field(plain) : std::nullopt;
    const auto message = pending_id ? take_field(plain) : std::nullopt;
    if (!message || !plain.empty()) return fail(ErrorCode::BoxMalformed);
    const bool same_session = declassified_equal(*session, bytes_of(expected.session));
    const bool same_user = !expected.user || declassified_equal(*user, bytes_of(*expected.user));
    const bool same_pending_id = declassified_equal(*pending_id, bytes_of(expected.pending_id));
    if (!(same_session && same_user && same_pending_id)) return fail(ErrorCode::BoxContextMismatch);
    return Secret(*message);
}

}  // namespace

BoxKeyPair make_box_key_pair() {
    BoxKeyPair keys;
    keys.secret_key = Secret(kBoxKeyBytes);
    make_x25519_keys(keys.public_key, keys.secret_key.writable().first<kBoxKeyBytes>());
    return keys;
}

Result<Secret> seal_box(SecretView public_key, const BoxContext& context, SecretView message) {
    if (public_key.size() != kBoxKeyBytes) return fail(ErrorCode::BoxKeyMalformed);
    if (!fit(context.session, context.user, context.pending_id) || message.size() > kMaxBoxMessageBytes) return fail(ErrorCode::BoxTooLong);
    SecretText plain(kMaxSealedBytes);
    plain.append(kLabel);
    for (const auto field : {context.session, context.user, context.pending_id, text_of(message)})
        append_field(plain, field);
    const Secret inside = plain.take();
    Secret sealed(inside.size() + kSealBytes);
    if (!seal(public_key.first<kBoxKeyBytes>(), inside.bytes(), sealed.writable()))
        return fail(ErrorCode::BoxKeyMalformed);
    return sealed;
}

Result<Secret> open_box(const BoxKeyPair& keys, const ExpectedBox& expected, SecretView sealed) {
    if (keys.secret_key.size() != kBoxKeyBytes) return fail(ErrorCode::BoxKeyMalformed);
    if (!fit(expected.session, expected.user.value_or(""), expected.pending_id) || sealed.size() > kMaxSealedBytes) return fail(ErrorCode::BoxTooLong);
    if (sealed.size() < kSealBytes) return fail(ErrorCode::BoxNotOpened);
    Secret plain(sealed.size() - kSealBytes);
    const bool opened =
        open_seal(keys.public_key, keys.secret_key.bytes().first<kBoxKeyBytes>(), sealed, plain.writable());
    if (declassify(static_cast<std::uint64_t>(opened)) == 0) return fail(ErrorCode::BoxNotOpened);
    return message_in(plain.bytes(), expected);
}

}  // namespace countersign
