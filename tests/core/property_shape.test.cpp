// SPDX-License-Identifier: Apache-2.0
// Boxes and QR symbols: what goes in comes out, and only for whom it is.
#include <string>

#include "../../core/src/qr_segments.h"
#include "countersign/qr.h"
#include "countersign/sealed_box.h"
#include "property.h"
#include "vector_file.h"

using namespace countersign;

namespace {

QrLevel one_lower(QrLevel level) { return static_cast<QrLevel>(static_cast<int>(level) - 1); }

}  // namespace

TEST_CASE("a box opens to what was sealed, for its context alone, and not when a bit of it changes [R22]",
          "[property][sealed_box]") {
    for_all("sealed box round trip", 150, [](Draw& draw) {
        const BoxKeyPair keys = make_box_key_pair();
        const std::vector<std::string> any{std::string(1, '\0'), "a", "\x01", "\xff", "cs-box-1"};
        const std::string session = draw.text(any, 0, 20);
        const std::string user = draw.text(any, 0, 20);
        const std::string pending_id = draw.text(any, 0, 20);
        const auto message = draw.bytes(0, 300);
        const BoxContext context{session, user, pending_id};
        const Secret sealed = seal_box(keys.public_key, context, message).value();
        CHECK(to_hex(open_box(keys, context, sealed.bytes())->bytes()) == to_hex(message));

        const auto refuses = [&](const BoxContext& other) {
            CHECK(open_box(keys, other, sealed.bytes()).error().code == ErrorCode::BoxContextMismatch);
        };
        const std::string longer[] = {session + "x", user + "x", pending_id + "x"};
        refuses({longer[0], user, pending_id});
        refuses({session, longer[1], pending_id});
        refuses({session, user, longer[2]});
        // The same bytes cut elsewhere are another context.
        const std::string moved = session + user;
        if (!user.empty()) refuses({moved, "", pending_id});
        Secret altered = sealed.clone();
        const auto place = static_cast<std::size_t>(draw.between(0, static_cast<std::int64_t>(sealed.size()) - 1));
        altered.writable()[place] ^= static_cast<std::uint8_t>(1U << draw.between(0, 7));
        CHECK(open_box(keys, context, altered.bytes()).error().code == ErrorCode::BoxNotOpened);
    });
}

TEST_CASE("a longer text never takes a smaller QR symbol, nor a lower level a larger one", "[property][qr]") {
    for_all("qr monotone", 100, [](Draw& draw) {
        const std::vector<std::string> kinds{"0", "7", "A", "Z", ":", "a", "~", "\xc3\xbc"};
        const std::string text = draw.text(kinds, 1, 120);
        const std::string longer = text + draw.text(kinds, 1, 40);
        const auto level = static_cast<QrLevel>(draw.between(0, 3));
        const auto code = QrCode::encode(text, {level}).value();
        CHECK(QrCode::encode(longer, {level})->version() >= code.version());
        if (level != QrLevel::Low)
            CHECK(QrCode::encode(text, {one_lower(level)})->version() <= code.version());
        CHECK(to_hex(QrCode::encode(text, {level})->modules().bytes()) == to_hex(code.modules().bytes()));
    });
}

TEST_CASE("the split of a text is never longer than two splits of its halves", "[property][qr][segments]") {
    for_all("qr halves", 500, [](Draw& draw) {
        const std::vector<std::string> kinds{"0", "7", "A", "Z", ":", "a", "~"};
        const std::string left = draw.text(kinds, 1, 40);
        const std::string right = draw.text(kinds, 1, 40);
        for (const QrVersionRange& range : kQrVersionRanges) {
            const std::size_t together = split_qr_text(left + right, range).bits;
            CHECK(together <= split_qr_text(left, range).bits + split_qr_text(right, range).bits);
            CHECK(together > split_qr_text(left, range).bits);
        }
    });
}
