// SPDX-License-Identifier: Apache-2.0
#include "app/origin.h"

#include <algorithm>
#include <cstddef>

namespace countersign::server {
namespace {

constexpr std::size_t kMaxOriginBytes = 255;
constexpr std::string_view kHttps = "https://";
constexpr std::string_view kHttp = "http://";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// 1 to 65535 without leading zeros, and not the port that the scheme has anyway: a browser leaves it out.
bool is_port(std::string_view text, std::string_view by_default) noexcept {
    if (text.empty() || text.size() > 5 || text.front() == '0' || text == by_default) return false;
    if (!std::all_of(text.begin(), text.end(), is_digit)) return false;
    int number = 0;
    for (const char c : text) number = number * 10 + (c - '0');
    return number <= 65535;
}

/// Labels of a-z 0-9 - with dots between them, or an IPv6 address in brackets.
bool is_host(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        return text.size() > 4 && text.ends_with(']') &&
               std::all_of(text.begin() + 1, text.end() - 1,
                           [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || c == ':'; });
    }
    char before = '.';
    for (const char c : text) {
        if (c == '.' ? before == '.' : !is_digit(c) && !(c >= 'a' && c <= 'z') && c != '-') return false;
        before = c;
    }
    return before != '.';
}

bool is_loopback_host(std::string_view host) noexcept {
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

bool is_allowable_origin(std::string_view text) noexcept {
    if (text.size() > kMaxOriginBytes) return false;
    const bool secure = text.starts_with(kHttps);
    if (!secure && !text.starts_with(kHttp)) return false;
    std::string_view host = text.substr(secure ? kHttps.size() : kHttp.size());
    const std::size_t end_of_address = host.starts_with('[') ? host.find(']') : 0;
    if (end_of_address == std::string_view::npos) return false;
    if (const std::size_t colon = host.find(':', end_of_address); colon != std::string_view::npos) {
        if (!is_port(host.substr(colon + 1), secure ? "443" : "80")) return false;
        host = host.substr(0, colon);
    }
    return is_host(host) && (secure || is_loopback_host(host));
}

bool is_origin_of_host(std::string_view origin, std::string_view host) noexcept {
    const std::size_t scheme = origin.find("://");
    return scheme != std::string_view::npos && !host.empty() && origin.substr(scheme + 3) == host;
}

}  // namespace countersign::server
