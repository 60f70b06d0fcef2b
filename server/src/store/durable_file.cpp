// SPDX-License-Identifier: Apache-2.0
#include "store/durable_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
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

constexpr std::string_view kMark = ".unfinished-";
constexpr std::size_t kRandomSymbols = 6;  // of mkdtemp
constexpr std::array<const char*, 4> kFiles{"copy", "copy-journal", "copy-wal", "copy-shm"};

/// Who may write to the directory can put another one in the place of ours.
Answer<void> check_parent(const std::string& place) {
    struct stat about {};
    if (::stat(parent_of(place).c_str(), &about) != 0) return failed(place);
    if (about.st_uid != ::geteuid() && about.st_uid != 0) {
        return refuse(ServerErrorCode::BackupUnusable,
                      place + ": its directory belongs to user " + std::to_string(about.st_uid) + ", who could replace it");
    }
    if ((about.st_mode & (S_IWOTH | S_IWGRP)) != 0 && (about.st_mode & S_ISVTX) == 0) {
        return refuse(ServerErrorCode::BackupUnusable, place + ": others may write to its directory, and replace it");
    }
    return {};
}

/// Held by whoever works in the directory: one that nobody holds is nobody's any more. @return -1: it is held, or none
int hold(const std::string& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor >= 0 && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
    if (descriptor >= 0) ::close(descriptor);
    return -1;
}

/// By its name, whatever the file was to be called: a backup's name often has the day in it.
bool is_called_so(const std::filesystem::path& found) {
    const std::string name = found.filename().string();
    const std::size_t tail = kMark.size() + kRandomSymbols;
    return name.size() > tail && name.compare(name.size() - tail, kMark.size(), kMark) == 0;
}

bool holds_ours_alone(const std::filesystem::path& directory) {
    std::error_code unseen;
    for (std::filesystem::directory_iterator at(directory, unseen), end; !unseen && at != end; at.increment(unseen)) {
        if (std::ranges::find(kFiles, at->path().filename().string()) == kFiles.end()) return false;
    }
    return !unseen;
}

}  // namespace

void UnfinishedFile::remove_leftovers(const std::string& place) {
    if (!check_parent(place)) return;
    std::error_code unseen;
    for (std::filesystem::directory_iterator at(parent_of(place), unseen), end; !unseen && at != end; at.increment(unseen)) {
        if (!is_called_so(at->path())) continue;
        const int held = hold(at->path().string());
        if (held < 0) continue;
        struct stat about {};
        const bool ours = ::fstat(held, &about) == 0 && about.st_uid == ::geteuid() && (about.st_mode & ACCESSPERMS) == S_IRWXU;
        if (ours && holds_ours_alone(at->path())) {
            for (const char* const file : kFiles) ::unlinkat(held, file, 0);
            ::rmdir(at->path().c_str());
        }
        ::close(held);
    }
}

Answer<UnfinishedFile> UnfinishedFile::beside(const std::string& place) {
    if (auto safe = check_parent(place); !safe) return tl::unexpected(std::move(safe.error()));
    std::string directory = place;
    directory.append(kMark).append(kRandomSymbols, 'X');
    if (::mkdtemp(directory.data()) == nullptr) return failed(directory);  // 0700, and no name that stands
    UnfinishedFile made(place, std::move(directory));
    made.held_ = hold(made.directory_);
    if (made.held_ < 0) return failed(made.directory_);
    const int descriptor = ::open(made.path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) return failed(made.path_);
    ::close(descriptor);
    return made;
}

UnfinishedFile::~UnfinishedFile() {
    if (!directory_.empty()) {
        ::unlink(path_.c_str());
        remove_directory();
    }
    if (held_ >= 0) ::close(held_);
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
        ::fchmod(held_, S_IRUSR | S_IXUSR);  // no leftover: the store before is in it
        directory_.clear();
        return path_;
    }
    remove_directory();
    if (auto synced = sync_directory_of(place_); !synced) return tl::unexpected(std::move(synced.error()));
    return aside;
}

Answer<void> sync_directory_of(const std::string& file) { return sync(parent_of(file), O_RDONLY | O_DIRECTORY); }

}  // namespace countersign::server
