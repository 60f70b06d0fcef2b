// SPDX-License-Identifier: Apache-2.0
// What the machine gives: files, modes, room, the disk's word, random numbers.
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>

#include "app/master_key.h"
#include "cli/doctor_checks.h"
#include "store/directory.h"

namespace countersign::cli {
namespace {

constexpr std::uint64_t kMebibyte = 1024 * 1024;
constexpr std::uint64_t kLeastFree = 100 * kMebibyte;
constexpr std::uint64_t kFewFree = 1024 * kMebibyte;
constexpr std::uint64_t kFewInodes = 1000;

bool is_there(const std::string& path) {
    std::error_code unseen;
    return std::filesystem::exists(path, unseen);
}

/// @return what is wrong with a file or directory that has to be ours alone; empty when nothing is
std::string find_exposure(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return errno == ENOENT ? "" : path + ": " + std::strerror(errno);
    if ((about.st_mode & 077U) != 0) return path + " is open to others; run `chmod go-rwx " + path + "`";
    if (about.st_uid != ::geteuid() && ::geteuid() != 0) {
        return path + " belongs to user " + std::to_string(about.st_uid) + "; run this as that user";
    }
    return "";
}

/// A file without a name in the directory: gone with its descriptor, whatever happens.
/// @return why it could not be made, written and brought to the disk; empty when it could
std::string try_sync(const std::string& directory) {
    const int file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) {
        return errno == EOPNOTSUPP ? "" : std::strerror(errno);  // a file system without such files has to be believed
    }
    std::array<char, 4096> block{};
    const bool synced = ::write(file, block.data(), block.size()) == static_cast<ssize_t>(block.size()) &&
                        ::fsync(file) == 0;
    std::string why = synced ? "" : std::strerror(errno);
    ::close(file);
    return why;
}

}  // namespace

void check_permissions(const std::string& data, Findings& findings) {
    if (!is_there(data)) {
        findings.warn("permissions", data + " does not exist yet; serve makes it.");
        return;
    }
    const std::string file = server::database_file(data);
    for (const std::string& path : {data, file, file + "-wal", file + "-shm", data + "/server.lock"}) {
        if (std::string exposed = find_exposure(path); !exposed.empty()) {
            findings.fail("permissions", std::move(exposed));
            return;
        }
    }
    findings.ok("permissions", data + " and what is in it is closed to others.");
}

void check_master_key_file(const std::string& key_file, const std::string& data, Findings& findings) {
    const auto key = server::read_master_key(key_file, data);
    if (key) {
        findings.ok("master_key_file", key_file + " is closed to others and outside the data directory.");
    } else {
        findings.fail("master_key_file", key.error().detail + "; keep a copy of the key apart from the backups.");
    }
}

void check_file_system(const std::string& data, Findings& findings) {
    if (!is_there(data)) return;
    if (const auto usable = server::prepare_directory(data, false); !usable) {
        findings.fail("file_system", usable.error().detail + "; keep it on a local disk that the server's user may write.");
        return;
    }
    if (const std::string why = try_sync(data); !why.empty()) {
        findings.fail("file_system", "a write to " + data + " does not reach the disk: " + why +
                                         "; nothing could be answered yes there.");
        return;
    }
    findings.ok("file_system", data + " is local, and a write reaches the disk.");
}

void check_disk(const std::string& data, Findings& findings) {
    struct statvfs room {};
    if (!is_there(data)) return;
    if (::statvfs(data.c_str(), &room) != 0) {
        findings.fail("disk", data + ": " + std::strerror(errno));
        return;
    }
    const std::uint64_t free = static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
    const std::string left = std::to_string(free / kMebibyte) + " MiB are free";
    const bool counts_inodes = room.f_files != 0;
    if (free < kLeastFree) {
        findings.fail("disk", left + "; the server answers 503 when the disk is full: make room now.");
    } else if (counts_inodes && room.f_favail == 0) {
        findings.fail("disk", "no inodes are left: delete files.");
    } else if (free < kFewFree) {
        findings.warn("disk", left + "; make room soon.");
    } else if (counts_inodes && room.f_favail < kFewInodes) {
        findings.warn("disk", std::to_string(room.f_favail) + " inodes are left; delete files soon.");
    } else {
        findings.ok("disk", left + ".");
    }
}

void check_entropy(Findings& findings) {
    std::array<std::uint8_t, 32> drawn{};
    const ssize_t got = ::getrandom(drawn.data(), drawn.size(), GRND_NONBLOCK);
    if (got != static_cast<ssize_t>(drawn.size())) {
        findings.fail("entropy", "the kernel has no random numbers yet; wait, or give a virtual machine virtio-rng.");
        return;
    }
    findings.ok("entropy", "the kernel's random numbers are ready.");
}

}  // namespace countersign::cli
