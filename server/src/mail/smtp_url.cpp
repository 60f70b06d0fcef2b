// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "mail/smtp.h"

namespace countersign::server {
namespace {

constexpr int kSubmissionPort = 587;    // RFC 6409
constexpr int kSubmissionsPort = 465;   // RFC 8314
constexpr int kLocalPort = 25;

bool is_this_machine(std::string_view host) noexcept {
    constexpr std::array<std::string_view, 3> kNames{"localhost", "127.0.0.1", "[::1]"};
    return std::ranges::find(kNames, host) != kNames.end();
}

/// A name or an IPv4 address, or an IPv6 address in brackets: nothing that a URL could read differently.
bool is_host(std::string_view host) noexcept {
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        return std::ranges::all_of(host.substr(1, host.size() - 2), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
        });
    }
    return !host.empty() && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

}  // namespace

tl::expected<SmtpOptions, std::string> parse_smtp_url(std::string_view url) {
    SmtpOptions options;
    if (url.starts_with("smtps://")) options.security = SmtpSecurity::Tls;
    else if (!url.starts_with("smtp://")) return tl::unexpected<std::string>("it has to begin with smtp:// or smtps://");
    std::string_view rest = url.substr(url.find("//") + 2);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (rest.find('@') != std::string_view::npos) {
        return tl::unexpected<std::string>("user and password have flags of their own");
    }
    const std::size_t after_host = rest.starts_with('[') ? rest.find(']') : 0;
    const std::size_t colon = after_host == std::string_view::npos ? after_host : rest.find(':', after_host);
    const std::string_view host = rest.substr(0, colon);
    if (!is_host(host)) {
        return tl::unexpected<std::string>("its host is not a name or an address");
    }
    options.host = host;
    if (options.security != SmtpSecurity::Tls && is_this_machine(host)) options.security = SmtpSecurity::Plain;
    options.port = options.security == SmtpSecurity::Tls     ? kSubmissionsPort
                   : options.security == SmtpSecurity::Plain ? kLocalPort
                                                             : kSubmissionPort;
    if (colon != std::string_view::npos) {
        const std::string_view port = rest.substr(colon + 1);
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
        if (error != std::errc{} || end != port.data() + port.size() || options.port < 1 || options.port > 65535) {
            return tl::unexpected<std::string>("its port is not a number of 1 to 65535");
        }
    }
    return options;
}

}  // namespace countersign::server
