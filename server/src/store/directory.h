// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/error.h"

namespace countersign::server {

/// Held by the one server of a directory; the kernel lets go of it when the process ends, however it ends.
class DirectoryLock {
  public:
    /// Errors: `data.locked`, with the other's process id; `data.unusable`.
    [[nodiscard]] static Answer<std::unique_ptr<DirectoryLock>> take(const std::string& directory);
    ~DirectoryLock();
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

  private:
    explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

/// True for the file systems on which WAL's shared memory and locks do not hold (`statfs`'s `f_type`).
[[nodiscard]] bool is_network_file_system(long type) noexcept;

/// A local directory that belongs to this process's user and can be written, made here with mode 0700 when `create`, and
/// nothing but plain files in the places of the store's own. Another user's, root included: `data.unusable`, with the way
/// to run as its owner. Errors: `data.unusable`.
[[nodiscard]] Answer<void> prepare_directory(const std::string& directory, bool create);

[[nodiscard]] std::string database_file(const std::string& directory);

/// Makes an empty database file of mode 0600 where there is none, so that the directory's own mode is not
/// all that keeps others out; SQLite gives its log the same mode. An existing file, a copy put there perhaps,
/// gets it too, but is not even opened: to close it again would drop the locks that this process holds on it.
void make_private_file(const std::string& file);

}  // namespace countersign::server
