// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace countersign::server {

/// An IP address. IPv4 stands as `::ffff:a.b.c.d`, so that both forms of one address are equal.
class IpAddress {
  public:
    /// Figures alone: no name, no zone, no port, no space.
    [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] bool is_ipv4() const noexcept;
    [[nodiscard]] bool is_loopback() const noexcept;
    [[nodiscard]] std::string text() const;
    /// Whom a limit counts: an IPv4 address, or an IPv6 network of 64 bits, which one customer has whole.
    [[nodiscard]] IpAddress counted_as() const noexcept;

    auto operator<=>(const IpAddress&) const = default;

  private:
    friend class AddressBlock;
    std::array<std::uint8_t, 16> bytes_{};
};

/// Addresses that begin with the same bits: `10.0.0.0/8`, `fd00::/8`, or one address alone.
class AddressBlock {
  public:
    /// Refuses a block with bits set beyond its length: it would say other than its writer meant.
    [[nodiscard]] static std::optional<AddressBlock> parse(std::string_view text);
    [[nodiscard]] bool contains(const IpAddress& address) const noexcept;

  private:
    IpAddress first_;
    unsigned bits_ = 128;  ///< of the 128 of the mapped form
};

[[nodiscard]] bool is_in(std::span<const AddressBlock> blocks, const IpAddress& address) noexcept;

/// Who is behind a trusted proxy: of `X-Forwarded-For`, read from the right, the first address that is no trusted
/// proxy itself. What stands further left is the client's own word. An entry that is no address ends the reading:
/// then it is the proxy that named it.
///
/// @param forwarded_for  all its header lines in order, joined by commas; entries may have a port
[[nodiscard]] IpAddress find_client(const IpAddress& peer, std::span<const AddressBlock> trusted,
                                    std::string_view forwarded_for);

}  // namespace countersign::server
