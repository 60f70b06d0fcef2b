// SPDX-License-Identifier: Apache-2.0
#include "../../core/src/qr_segments.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "countersign/otpauth_uri.h"
#include "countersign/qr.h"

using namespace countersign;

namespace {

constexpr std::size_t kNever = 1U << 30;

/// The bits of one segment by ISO/IEC 18004, 7.4: whole groups, then what is left over.
std::size_t segment_bits(QrMode mode, const std::string& run, const QrVersionRange& range) {
    for (const char character : run)
        if (!qr_mode_holds(mode, character)) return kNever;
    const std::size_t head = 4U + range.count_bits[static_cast<std::size_t>(mode)];
    constexpr std::size_t kLeftDigits[] = {0, 4, 7};
    switch (mode) {
        case QrMode::Numeric: return head + run.size() / 3 * 10 + kLeftDigits[run.size() % 3];
        case QrMode::Alphanumeric: return head + run.size() / 2 * 11 + run.size() % 2 * 6;
        case QrMode::Byte: return head + run.size() * 8;
    }
    return kNever;
}

std::size_t cheapest_segment(const std::string& run, const QrVersionRange& range) {
    return std::min({segment_bits(QrMode::Numeric, run, range), segment_bits(QrMode::Alphanumeric, run, range),
                     segment_bits(QrMode::Byte, run, range)});
}

/// Tries every way to cut the text: bit i of `cuts` cuts behind character i.
std::size_t fewest_by_trying_all(const std::string& text, const QrVersionRange& range) {
    std::size_t fewest = kNever;
    for (unsigned cuts = 0; cuts < 1U << (text.size() - 1); ++cuts) {
        std::size_t bits = 0;
        std::size_t begin = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (i + 1 < text.size() && (cuts >> i & 1U) == 0) continue;
            bits += cheapest_segment(text.substr(begin, i + 1 - begin), range);
            begin = i + 1;
        }
        fewest = std::min(fewest, bits);
    }
    return fewest;
}

/// For longer texts: the fewest bits for each beginning of the text, whatever its last segment.
std::size_t fewest_by_last_segment(const std::string& text, const QrVersionRange& range) {
    std::vector<std::size_t> fewest(text.size() + 1, kNever);
    fewest[0] = 0;
    for (std::size_t end = 1; end <= text.size(); ++end)
        for (std::size_t begin = 0; begin < end; ++begin)
            fewest[end] =
                std::min(fewest[end], fewest[begin] + cheapest_segment(text.substr(begin, end - begin), range));
    return fewest[text.size()];
}

/// What the split itself takes, counted from its modes.
std::size_t bits_of(const QrSplit& split, const std::string& text, const QrVersionRange& range) {
    const SecretView modes = split.modes.bytes();
    std::size_t bits = 0;
    std::size_t segments = 0;
    for (std::size_t begin = 0; begin < text.size(); ++segments) {
        std::size_t end = begin;
        while (end < text.size() && modes[end] == modes[begin]) ++end;
        bits += segment_bits(static_cast<QrMode>(modes[begin]), text.substr(begin, end - begin), range);
        begin = end;
    }
    CHECK(segments == split.segments);
    return bits;
}

/// Runs of digits, capitals and bytes, so that it is often worth while to split.
std::string random_text(std::mt19937& random, std::size_t size, std::size_t longest_run) {
    const std::string kinds[] = {"0123456789", "ABCXYZ $%*+-./:", "abc,;_\xc3\xbc"};
    std::string text;
    while (text.size() < size) {
        const std::string& kind = kinds[random() % 3];
        const std::size_t run = 1 + random() % longest_run;
        for (std::size_t i = 0; i < run && text.size() < size; ++i) text += kind[random() % kind.size()];
    }
    return text;
}

/// The smallest version at level M that holds so many bytes as one segment (ISO/IEC 18004, table 7).
int one_segment_version(std::size_t bytes) {
    constexpr std::size_t kHolds[] = {14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412};
    int version = 1;
    for (const std::size_t holds : kHolds) {
        if (bytes <= holds) return version;
        ++version;
    }
    FAIL("no otpauth URI of this test is so long: " << bytes);
    return 0;
}

OtpauthUri typical_uri(std::mt19937& random) {
    const char* issuers[] = {"ACME", "Example Bank", "GitHub", "Contoso Ltd", "M\xc3\xbcller & Sons"};
    const char* names[] = {"alice", "bob.smith", "j.doe", "carol_2024", "m.van.dijk"};
    const char* domains[] = {"example.com", "mail.example.org", "acme.test", "bank.example"};
    OtpauthUri uri;
    uri.issuer = issuers[random() % 5];
    uri.account = names[random() % 5];
    uri.account += std::string("@") + domains[random() % 4];
    uri.secret = Secret(20);
    for (std::uint8_t& byte : uri.secret.writable()) byte = static_cast<std::uint8_t>(random());
    return uri;
}

}  // namespace

TEST_CASE("no way to cut a short text takes fewer bits than the split", "[qr][segments]") {
    std::mt19937 random(20261122);
    int cut = 0;
    for (int i = 0; i < 400; ++i) {
        const std::string text = random_text(random, i < 200 ? 12 : 1 + random() % 11, 12);
        for (const QrVersionRange& range : kQrVersionRanges) {
            INFO(text << ", versions from " << range.first);
            const QrSplit split = split_qr_text(text, range);
            CHECK(split.bits == fewest_by_trying_all(text, range));
            CHECK(split.bits == bits_of(split, text, range));
            if (split.segments > 1) ++cut;
        }
    }
    CHECK(cut > 100);  // or the texts would not have tried it
}

TEST_CASE("nor does any way to cut a longer one", "[qr][segments]") {
    std::mt19937 random(18004);
    int cut_thrice = 0;
    for (int i = 0; i < 12; ++i) {
        const std::string text = random_text(random, 120, 25);
        for (const QrVersionRange& range : kQrVersionRanges) {
            INFO(text << ", versions from " << range.first);
            const QrSplit split = split_qr_text(text, range);
            CHECK(split.bits == fewest_by_last_segment(text, range));
            CHECK(split.bits == bits_of(split, text, range));
            if (split.segments > 3) ++cut_thrice;
        }
    }
    CHECK(cut_thrice > 10);
}

TEST_CASE("capitals are told from small letters and from what lies beside them", "[qr][segments]") {
    const std::string capitals = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    for (int byte = 0; byte < 256; ++byte) {
        const char character = static_cast<char>(byte);
        INFO("byte " << byte);
        CHECK(qr_mode_holds(QrMode::Numeric, character) == (byte >= '0' && byte <= '9'));
        CHECK(qr_mode_holds(QrMode::Alphanumeric, character) == (capitals.find(character) != std::string::npos));
        CHECK(qr_mode_holds(QrMode::Byte, character));
    }
}

TEST_CASE("an otpauth URI takes a smaller version than as one segment of bytes", "[qr][segments]") {
    const std::string uri =
        "otpauth://totp/ACME:alice1?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=ACME&algorithm=SHA1&digits=6&period=30";
    REQUIRE(one_segment_version(uri.size()) == 7);
    CHECK(QrCode::encode(uri).value().version() == 6);

    std::mt19937 random(6238);
    int smaller = 0;
    for (int i = 0; i < 200; ++i) {
        const Secret text = build_otpauth_uri(typical_uri(random)).value();
        const int whole = one_segment_version(text.size());
        const int split = QrCode::encode(text.text()).value().version();
        CHECK(split <= whole);
        if (split < whole) ++smaller;
    }
    std::printf("QR: %d of 200 otpauth URIs take a smaller version than as one segment of bytes\n", smaller);
    CHECK(smaller >= 30);
}
