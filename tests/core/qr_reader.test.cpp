// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "countersign/otpauth_uri.h"
#include "countersign/qr.h"
#include "qr_drawing.h"

// Native builds only: it shows the drawn SVG path to another program, zbarimg.
using namespace countersign;

namespace {

constexpr int kQuietModules = 4;
constexpr int kModulePixels = 4;

/// A temporary file name of this process, removed at the end of the test.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& ending) {
        const char* folder = std::getenv("TMPDIR");
        std::string name = folder != nullptr ? folder : "/tmp";
        name += "/qr." + std::string(6, 'X') + ending;
        const int handle = mkstemps(name.data(), static_cast<int>(ending.size()));
        REQUIRE(handle >= 0);
        close(handle);
        name_ = name;
    }
    ~TemporaryFile() { std::remove(name_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    std::string name_;
};

void write_image(const std::string& name, const Drawing& drawing) {
    const auto modules = static_cast<int>(drawing.size());
    const int side = (modules + 2 * kQuietModules) * kModulePixels;
    std::ofstream image(name, std::ios::binary);
    image << "P5\n" << side << ' ' << side << "\n255\n";
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const int row = y / kModulePixels - kQuietModules;
            const int column = x / kModulePixels - kQuietModules;
            const bool inside = row >= 0 && column >= 0 && row < modules && column < modules;
            const bool dark = inside && drawing[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
            image.put(static_cast<char>(dark ? 0 : 255));
        }
    }
}

std::string read_with_zbar(const QrCode& code) {
    const TemporaryFile image(".pgm");
    const TemporaryFile text(".txt");
    write_image(image.name(), draw_path(std::string(qr_svg_path(code).text()), code.size()));
    const std::string command =
        "zbarimg --nodbus --quiet --raw --oneshot -Sbinary " + image.name() + " > " + text.name();
    INFO("zbarimg is needed (Debian: zbar-tools); scripts/setup installs it");
    REQUIRE(std::system(command.c_str()) == 0);
    std::ostringstream read;
    read << std::ifstream(text.name(), std::ios::binary).rdbuf();
    return read.str();
}

}  // namespace

TEST_CASE("an independent reader finds each otpauth URI in its QR code [L32]", "[qr][reader]") {
    const std::string issuers[] = {"A", "ACME Bank & Sons", "M\xc3\xbcller \xe9\x93\xb6\xe8\xa1\x8c",
                                   std::string(128, 'i')};
    int read = 0;
    for (const std::string& issuer : issuers) {
        for (const std::size_t size : {16U, 20U, 64U}) {
            OtpauthUri uri;
            uri.issuer = issuer;
            uri.account = "alice+work#" + std::to_string(size) + "@example.com";
            uri.secret = Secret::random(size);
            const auto text = build_otpauth_uri(uri).value();
            CHECK(read_with_zbar(QrCode::encode(text.text()).value()) == text.text());
            ++read;
        }
    }
    CHECK(read == 12);
}

TEST_CASE("an independent reader finds digits, capitals and bytes at each level", "[qr][reader]") {
    for (const auto level : {QrLevel::Low, QrLevel::Medium, QrLevel::Quartile, QrLevel::High})
        for (const std::string text : {"0123456789", "HELLO WORLD $%*+-./:", "mixed Case 123", "1"})
            CHECK(read_with_zbar(QrCode::encode(text, {level}).value()) == text);
}

TEST_CASE("an independent reader finds mixed texts, whose segments change mode", "[qr][reader]") {
    const std::string capitals = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    const std::string digits = "20261122000000000077";
    const std::string texts[] = {"order no. " + digits + " of M\xc3\xbcller",
                                 digits + capitals + "small letters" + digits,
                                 capitals + digits + capitals,
                                 "key=" + capitals + ";count=" + digits + ";name=\xe9\x93\xb6\xe8\xa1\x8c",
                                 "aBcD1234" + capitals + "aBcD1234"};
    for (const auto level : {QrLevel::Low, QrLevel::Medium, QrLevel::Quartile, QrLevel::High})
        for (const std::string& text : texts) CHECK(read_with_zbar(QrCode::encode(text, {level}).value()) == text);

    // Versions 10 to 26, and 27 to 40: heads of other widths.
    for (const int times : {5, 12, 25}) {
        std::string text;
        for (int i = 0; i < times; ++i) text += texts[i % 5];
        const auto code = QrCode::encode(text).value();
        INFO("version " << code.version());
        CHECK(code.version() >= 10);
        CHECK(read_with_zbar(code) == text);
    }
}
