// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include <sys/types.h>

namespace countersign::server {

/// Whether a file of root's with mode 0440 is for one user alone all the same.
///
/// A credential of systemd's is such a file: an access control list names the service's user, and the group's bits of the
/// mode are then the list's mask and no group's right. @return false without a list, or with one that gives anything
/// to a group, to everybody or to another user
/// @param user  who reads
[[nodiscard]] bool list_names_one_reader(int descriptor, uid_t user) noexcept;

/// The same of the list itself, as the kernel keeps it in `system.posix_acl_access`.
[[nodiscard]] bool list_names_one_reader(std::span<const std::uint8_t> list, uid_t user) noexcept;

}  // namespace countersign::server
