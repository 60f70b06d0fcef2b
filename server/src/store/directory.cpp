// SPDX-License-Identifier: Apache-2.0
#include "store/directory.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include "app/refusal.h"

namespace countersign::server {
namespace {

std::string reason() { return std::generic_category().message(errno); }

tl::unexpected<ServerError> unusable(const std::string& path, const std::string& why) {
    return refuse(ServerErrorCode::DataDirectoryUnusable, path + ": " + why);
}

/// The process id that the holder of the lock has written.
std::string holder(int descriptor) {
    std::array<char, 24> text{};
    const ssize_t got = ::pread(descriptor, text.data(), text.size(), 0);
    std::string id(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    const auto end = std::ranges::find_if(id, [](char c) { return c < '0' || c > '9'; });
    id.erase(end, id.end());
    return id.empty() ? "unknown" : id;
}

/// Work on another user's directory leaves files in it that he cannot open, and follows what he has laid there.
Answer<void> refuse_foreign(const std::string& directory, uid_t owner) {
    if (owner == ::geteuid()) return {};
    std::array<char, 4096> names{};
    passwd entry{};
    passwd* found = nullptr;
    const bool named = ::getpwuid_r(owner, &entry, names.data(), names.size(), &found) == 0 && found != nullptr;
    const std::string name = named ? found->pw_name : std::to_string(owner);
    std::string why = "belongs to the user ";
    why.append(name).append(", and you are another; run: runuser -u ").append(name).append(" -- countersign");
    return unusable(directory, why);
}

constexpr std::array<const char*, 4> kTails{"", "-wal", "-shm", "-journal"};

/// SQLite follows a link in the place of its files, to write and to delete.
Answer<void> refuse_links(const std::string& directory) {
    for (const char* const tail : kTails) {
        const std::string path = database_file(directory) + tail;
        struct stat about {};
        if (::lstat(path.c_str(), &about) != 0) continue;
        if (!S_ISREG(about.st_mode)) return unusable(path, "is not a plain file");
        if (about.st_uid != ::geteuid()) return unusable(path, "belongs to another user");
    }
    return {};
}

}  // namespace

Answer<std::unique_ptr<DirectoryLock>> DirectoryLock::take(const std::string& directory) {
    const std::string path = directory + "/server.lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return unusable(path, errno == ELOOP ? "is not a plain file" : reason());
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        const std::string why = held ? holder(descriptor) : reason();
        ::close(descriptor);
        if (!held) return unusable(path, why);
        return refuse(ServerErrorCode::DataDirectoryLocked, directory + ": held by process " + why);
    }
    const std::string id = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor, 0) != 0 ||
        ::pwrite(descriptor, id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) {
        const std::string why = reason();
        ::close(descriptor);
        return unusable(path, why);
    }
    return std::unique_ptr<DirectoryLock>(new DirectoryLock(descriptor));
}

DirectoryLock::~DirectoryLock() { ::close(descriptor_); }

bool is_network_file_system(long type) noexcept {
    static constexpr std::array<std::uint32_t, 17> kNetwork{
        0x6969,      // NFS
        0x517B,      // SMB
        0xFF534D42,  // CIFS
        0xFE534D42,  // SMB2
        0x01021997,  // 9P
        0x00C36400,  // Ceph
        0x5346414F,  // AFS
        0x6B414653,  // kAFS
        0x0BD00BD0,  // Lustre
        0x47504653,  // GPFS
        0x7461636F,  // OCFS2
        0x73757245,  // Coda
        0x564C,      // NCP
        0x01161970,  // GFS2
        0x19830326,  // BeeGFS
        0x786F4256,  // vboxsf
        0x65735546,  // FUSE: sshfs, GlusterFS, virtiofs and rclone are among them, and none says so here
    };
    return std::ranges::find(kNetwork, static_cast<std::uint32_t>(type)) != kNetwork.end();
}

Answer<void> prepare_directory(const std::string& directory, bool create) {
    struct stat about {};
    if (::stat(directory.c_str(), &about) != 0) {
        if (errno != ENOENT) return unusable(directory, reason());
        if (!create) return unusable(directory, "does not exist");
        if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return unusable(directory, reason());
        if (::stat(directory.c_str(), &about) != 0) return unusable(directory, reason());
    }
    if (!S_ISDIR(about.st_mode)) return unusable(directory, "not a directory");
    if (auto ours = refuse_foreign(directory, about.st_uid); !ours) return ours;
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return unusable(directory, "others may write to it, and put another store there; run: chmod go-rwx " + directory);
    }
    if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0) return unusable(directory, reason());
    struct statfs system {};
    if (::statfs(directory.c_str(), &system) != 0) return unusable(directory, reason());
    if (is_network_file_system(static_cast<long>(system.f_type))) {
        return unusable(directory, "lies on a network file system (or on FUSE), whose locks cannot be relied on");
    }
    return refuse_links(directory);
}

std::string database_file(const std::string& directory) { return directory + "/countersign.sqlite"; }

void make_private_file(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        ::close(descriptor);
        return;  // any other outcome is told when SQLite opens it
    }
    for (const char* const tail : kTails) {
        const std::string path = file + tail;
        struct stat about {};
        if (::lstat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode) || (about.st_mode & 077U) == 0) continue;
        if (::fchmodat(AT_FDCWD, path.c_str(), 0600, AT_SYMLINK_NOFOLLOW) != 0) return;  // another's: told as it opens
    }
}

}  // namespace countersign::server
