// SPDX-License-Identifier: Apache-2.0
#include "store/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "app/refusal.h"

namespace countersign::server {
namespace {

tl::unexpected<ServerError> failed(const std::string& path) {
    const std::string why = errno == EEXIST ? "exists already, and a backup is never overwritten"
                                            : std::generic_category().message(errno);
    return refuse(ServerErrorCode::BackupUnusable, path + ": " + why);
}

std::string parent_of(const std::string& file) {
    const auto parent = std::filesystem::path(file).parent_path();
    return parent.empty() ? "." : parent.string();
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
    struct stat about {};
    if (::stat(parent_of(place).c_str(), &about) != 0) return failed(place);
    if ((about.st_mode & S_IWOTH) != 0 && (about.st_mode & S_ISVTX) == 0) {
        return refuse(ServerErrorCode::BackupUnusable, place + ": in its directory anybody may replace what is not his");
    }
    std::string directory = place + ".unfinished-XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) return failed(directory);  // 0700, and no name that stands
    UnfinishedFile made(place, std::move(directory));
    const int descriptor = ::open(made.path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) return failed(made.path_);
    ::close(descriptor);
    return made;
}

UnfinishedFile::~UnfinishedFile() {
    if (directory_.empty()) return;
    ::unlink(path_.c_str());
    remove_directory();
}

void UnfinishedFile::remove_directory() {
    for (const char* const tail : {"-journal", "-wal", "-shm"}) ::unlink((path_ + tail).c_str());
    ::rmdir(directory_.c_str());
    directory_.clear();
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
    if (moved) remove_directory();
    return moved;
}

Answer<std::string> UnfinishedFile::exchange(const std::string& aside) {
    if (auto moved = move(RENAME_EXCHANGE); !moved) return tl::unexpected(std::move(moved.error()));
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, aside.c_str(), RENAME_NOREPLACE) != 0) {
        directory_.clear();
        return path_;
    }
    remove_directory();
    if (auto synced = sync_directory_of(place_); !synced) return tl::unexpected(std::move(synced.error()));
    return aside;
}

Answer<void> sync_directory_of(const std::string& file) { return sync(parent_of(file), O_RDONLY | O_DIRECTORY); }

}  // namespace countersign::server
