// SPDX-License-Identifier: Apache-2.0
// The list's form is that of <linux/posix_acl_xattr.h>: a version, then entries of tag, rights and id, little-endian.
#include "app/credential_acl.h"

#include <array>
#include <cstddef>

#include <sys/xattr.h>

namespace countersign::server {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kEntryBytes = 8;
constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kRead = 4;

enum Tag : std::uint32_t { UserObject = 1, User = 2, GroupObject = 4, Group = 8, Mask = 16, Other = 32 };

std::uint32_t number(std::span<const std::uint8_t> bytes) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | bytes[i];
    return value;
}

/// One entry: nobody but its owner and `user` gets a right, and no right but to read.
bool is_harmless(std::span<const std::uint8_t> entry, uid_t user) noexcept {
    const std::uint32_t rights = number(entry.subspan(2, 2));
    switch (number(entry.first(2))) {
        case UserObject:
        case Mask: return (rights & ~kRead) == 0;
        case User: return rights == 0 || (rights == kRead && number(entry.subspan(4, 4)) == user);
        default: return rights == 0;
    }
}

}  // namespace

bool list_names_one_reader(std::span<const std::uint8_t> list, uid_t user) noexcept {
    if (list.size() <= kHeaderBytes || (list.size() - kHeaderBytes) % kEntryBytes != 0) return false;
    if (number(list.first(kHeaderBytes)) != kVersion) return false;
    for (std::size_t at = kHeaderBytes; at < list.size(); at += kEntryBytes) {
        if (!is_harmless(list.subspan(at, kEntryBytes), user)) return false;
    }
    return true;
}

bool list_names_one_reader(int descriptor, uid_t user) noexcept {
    std::array<std::uint8_t, kHeaderBytes + 16 * kEntryBytes> list{};
    const ssize_t size = ::fgetxattr(descriptor, "system.posix_acl_access", list.data(), list.size());
    return size > 0 && list_names_one_reader(std::span<const std::uint8_t>(list).first(static_cast<std::size_t>(size)), user);
}

}  // namespace countersign::server
