// SPDX-License-Identifier: Apache-2.0
// Sealed boxes: bytes from nowhere are never opened; a box sealed to us is opened only when what is inside
// has the one form of `seal_box`; a changed box is refused.
#include "countersign/sealed_box.h"

#include <fuzzer/FuzzedDataProvider.h>
#include <sodium.h>

#include <optional>
#include <string>
#include <vector>

#include "primitives.h"
#include "require.h"

using namespace countersign;

namespace {

/// Keys that are the same in every run.
const BoxKeyPair& fixed_keys() {
    static const BoxKeyPair keys = [] {
        BoxKeyPair made;
        made.secret_key = Secret(std::string_view("a fuzzer's key, secret to no one"));
        crypto_scalarmult_base(made.public_key.data(), made.secret_key.bytes().data());
        return made;
    }();
    return keys;
}

void append_field(std::string& plain, std::string_view field) {
    for (unsigned shift = 0; shift < 32; shift += 8) plain += static_cast<char>(field.size() >> shift & 0xffU);
    plain += field;
}

/// What `seal_box` is documented to put into a box.
std::string documented_form(const BoxContext& context, std::string_view message) {
    std::string plain = "cs-box-1";
    for (const auto field : {context.session, context.user, context.pending_id, message}) append_field(plain, field);
    return plain;
}

std::vector<std::uint8_t> sealed(std::string_view plain) {
    std::vector<std::uint8_t> box(plain.size() + kSealBytes);
    require(seal(fixed_keys().public_key, bytes_of(plain), box), "our own key can be sealed to");
    return box;
}

void check_foreign(std::string_view bytes, const BoxContext& context) {
    const auto opened = open_box(fixed_keys(), context, bytes_of(bytes));
    require(!opened, "nobody guesses a box");
}

void check_inside(std::string_view plain, const BoxContext& context) {
    const auto opened = open_box(fixed_keys(), context, sealed(plain));
    if (opened) {
        require(plain == documented_form(context, opened->text()), "a box has one form");
        return;
    }
    const ErrorCode code = opened.error().code;
    require(code == ErrorCode::BoxMalformed || code == ErrorCode::BoxContextMismatch || code == ErrorCode::BoxTooLong,
            "a box sealed to us is told from one that is not");
}

void check_round_trip(const BoxContext& context, std::string_view message, std::size_t place) {
    const auto box = seal_box(fixed_keys().public_key, context, bytes_of(message));
    require(box.has_value(), "what fits is sealed");
    const auto opened = open_box(fixed_keys(), context, box->bytes());
    require(opened && opened->text() == message, "what is sealed is opened");
    Secret altered = box->clone();
    altered.writable()[place % altered.size()] ^= 1;
    require(!open_box(fixed_keys(), context, altered.bytes()), "an altered box is refused");
    const auto unnamed = open_box(fixed_keys(), {context.session, std::nullopt, context.pending_id}, box->bytes());
    require(unnamed && unnamed->text() == message, "who expects no user opens it too");
    const std::string user = std::string(context.user) + "x";
    const auto other = open_box(fixed_keys(), {context.session, user, context.pending_id}, box->bytes());
    require(!other && other.error().code == ErrorCode::BoxContextMismatch, "another user's box is refused");
    const auto late = open_box(fixed_keys(), {user, std::nullopt, context.pending_id}, box->bytes());
    require(late.has_value() == (context.session == user), "another session's box is refused, user or not");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    const int kind = input.ConsumeIntegralInRange(0, 2);
    const auto place = input.ConsumeIntegral<std::uint16_t>();
    const std::string session = input.ConsumeRandomLengthString(40);
    const std::string user = input.ConsumeRandomLengthString(40);
    const std::string pending_id = input.ConsumeRandomLengthString(40);
    const BoxContext context{session, user, pending_id};
    const std::string rest = input.ConsumeRemainingBytesAsString();
    const Exact exact(rest);
    if (kind == 0) check_foreign(exact.text(), context);
    if (kind == 1) {
        check_inside(exact.text(), context);
        check_inside(documented_form(context, exact.text()), context);
        check_inside(documented_form(context, "") + rest, context);
    }
    if (kind == 2 && rest.size() <= kMaxBoxMessageBytes) check_round_trip(context, rest, place);
    return 0;
}
