// SPDX-License-Identifier: Apache-2.0
#include "cli/listen_address.h"

#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace countersign::cli {
namespace {

bool is_literal(int family, const std::string& address, std::array<unsigned char, 16>& bytes) {
    return ::inet_pton(family, address.c_str(), bytes.data()) == 1;
}

}  // namespace

Checked<ListenAddress> parse_listen_address(std::string_view flag, std::string_view text) {
    const auto invalid = [flag] {
        return fail(UsageCode::ValueInvalid,
                    std::string(flag) + " is not usable; give ADDR:PORT with an address in figures, such as 127.0.0.1:4800 or "
                    "[::1]:4800");
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return invalid();
    }
    ListenAddress result;
    const std::string_view port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), result.port);
    if (error != std::errc{} || end != port.data() + port.size()) {
        return invalid();
    }
    std::string_view host = text.substr(0, colon);
    std::array<unsigned char, 16> bytes{};
    if (host.starts_with('[') && host.ends_with(']')) {
        result.address = host.substr(1, host.size() - 2);
        if (!is_literal(AF_INET6, result.address, bytes)) {
            return invalid();
        }
        constexpr std::array<unsigned char, 16> kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        result.loopback = bytes == kLoopback;
        return result;
    }
    result.address = host == "localhost" ? "127.0.0.1" : std::string(host);
    if (!is_literal(AF_INET, result.address, bytes)) {
        return invalid();
    }
    result.loopback = bytes[0] == 127;
    return result;
}

}  // namespace countersign::cli
