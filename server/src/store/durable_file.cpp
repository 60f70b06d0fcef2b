// SPDX-License-Identifier: Apache-2.0
#include "store/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "app/refusal.h"

namespace countersign::server {
namespace {

tl::unexpected<ServerError> failed(const std::string& path) {
    const std::string why = errno == EEXIST ? "exists already, and a backup is never overwritten"
                                            : std::generic_category().message(errno);
    return refuse(ServerErrorCode::BackupUnusable, path + ": " + why);
}

/// fsync by name: SQLite's own handle is closed by now.
Answer<void> sync(const std::string& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) return failed(path);
    const bool synced = ::fsync(descriptor) == 0;
    const int why = errno;
    ::close(descriptor);
    errno = why;
    if (!synced) return failed(path);
    return {};
}

}  // namespace

Answer<UnfinishedFile> UnfinishedFile::beside(const std::string& place) {
    std::string path = place + ".unfinished-XXXXXX";
    const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);  // 0600, and no name that stands
    if (descriptor < 0) return failed(path);
    ::close(descriptor);
    return UnfinishedFile(place, std::move(path));
}

UnfinishedFile::~UnfinishedFile() {
    if (path_.empty()) return;
    for (const char* const tail : {"", "-journal", "-wal", "-shm"}) ::unlink((path_ + tail).c_str());
}

Answer<void> UnfinishedFile::move(unsigned flags) {
    if (auto synced = sync(path_, O_RDWR); !synced) return synced;
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, place_.c_str(), flags) != 0) {
        // A file system that cannot do that in one step (a stick) can tell a standing name by a link.
        const bool linked = errno == EINVAL && flags == RENAME_NOREPLACE && ::link(path_.c_str(), place_.c_str()) == 0;
        if (!linked) return failed(place_);
        ::unlink(path_.c_str());
    }
    return sync_directory_of(place_);
}

Answer<void> UnfinishedFile::finish() {
    auto moved = move(RENAME_NOREPLACE);
    if (moved) path_.clear();
    return moved;
}

Answer<std::string> UnfinishedFile::exchange() {
    if (auto moved = move(RENAME_EXCHANGE); !moved) return tl::unexpected(std::move(moved.error()));
    return std::exchange(path_, std::string());
}

Answer<void> sync_directory_of(const std::string& file) {
    const auto parent = std::filesystem::path(file).parent_path();
    return sync(parent.empty() ? "." : parent.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace countersign::server
