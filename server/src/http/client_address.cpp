// SPDX-License-Identifier: Apache-2.0
#include "http/client_address.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace countersign::server {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kLongest = 45;  // of an address in figures

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Some proxies add a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
std::string_view without_port(std::string_view entry) noexcept {
    if (entry.starts_with('[')) {
        const auto end = entry.find(']');
        return end == std::string_view::npos ? entry : entry.substr(1, end - 1);
    }
    const auto colon = entry.find(':');
    const bool one_colon = colon != std::string_view::npos && entry.find(':', colon + 1) == std::string_view::npos;
    return one_colon ? entry.substr(0, colon) : entry;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.empty() || text.size() > kLongest || text.find('\0') != std::string_view::npos) return std::nullopt;
    const std::string figures(text);
    IpAddress address;
    if (::inet_pton(AF_INET6, figures.c_str(), address.bytes_.data()) == 1) return address;
    std::copy(kMapped.begin(), kMapped.end(), address.bytes_.begin());
    if (::inet_pton(AF_INET, figures.c_str(), address.bytes_.data() + kMapped.size()) == 1) return address;
    return std::nullopt;
}

bool IpAddress::is_ipv4() const noexcept { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

bool IpAddress::is_loopback() const noexcept {
    if (is_ipv4()) return bytes_[12] == 127;
    return bytes_[15] == 1 && std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (is_ipv4()) {
        ::inet_ntop(AF_INET, bytes_.data() + kMapped.size(), out.data(), out.size());
    } else {
        ::inet_ntop(AF_INET6, bytes_.data(), out.data(), out.size());
    }
    return out.data();
}

IpAddress IpAddress::counted_as() const noexcept {
    IpAddress network = *this;
    if (!is_ipv4()) std::fill(network.bytes_.begin() + 8, network.bytes_.end(), std::uint8_t{0});
    return network;
}

std::optional<AddressBlock> AddressBlock::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto first = IpAddress::parse(text.substr(0, slash));
    if (!first) return std::nullopt;
    AddressBlock block;
    block.first_ = *first;
    if (slash == std::string_view::npos) return block;
    const bool short_form = text.substr(0, slash).find(':') == std::string_view::npos;
    const std::string_view length = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    const bool canonical = length.size() == 1 || !length.starts_with('0');
    if (error != std::errc{} || end != length.data() + length.size() || !canonical || bits > (short_form ? 32U : 128U)) {
        return std::nullopt;
    }
    block.bits_ = short_form ? bits + 96 : bits;
    for (unsigned bit = block.bits_; bit < 128; ++bit) {
        if ((first->bytes_[bit / 8] & (0x80U >> (bit % 8))) != 0) return std::nullopt;
    }
    return block;
}

bool AddressBlock::contains(const IpAddress& address) const noexcept {
    const unsigned whole = bits_ / 8;
    if (!std::equal(first_.bytes_.begin(), first_.bytes_.begin() + whole, address.bytes_.begin())) return false;
    if (bits_ % 8 == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff00U >> (bits_ % 8));
    return ((first_.bytes_[whole] ^ address.bytes_[whole]) & mask) == 0;
}

bool is_in(std::span<const AddressBlock> blocks, const IpAddress& address) noexcept {
    return std::ranges::any_of(blocks, [&](const AddressBlock& block) { return block.contains(address); });
}

IpAddress find_client(const IpAddress& peer, std::span<const AddressBlock> trusted, std::string_view forwarded_for) {
    IpAddress client = peer;
    while (is_in(trusted, client) && !forwarded_for.empty()) {
        const auto comma = forwarded_for.rfind(',');
        const std::string_view entry = comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
        const auto named = IpAddress::parse(without_port(trimmed(entry)));
        if (!named) break;
        client = *named;
        forwarded_for = comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
    }
    return client;
}

}  // namespace countersign::server
