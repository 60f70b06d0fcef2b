// SPDX-License-Identifier: Apache-2.0
#include "app/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>

#include "app/administration.h"
#include "app/credential_acl.h"
#include "app/refusal.h"

namespace countersign::server {
namespace {

namespace fs = std::filesystem;

class File {
  public:
    File(const std::string& path, int flags, mode_t mode = 0) : descriptor_(::open(path.c_str(), flags, mode)) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] bool opened() const { return descriptor_ >= 0; }
    [[nodiscard]] int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

std::string reason() { return std::generic_category().message(errno); }

tl::unexpected<ServerError> unusable(const std::string& path, const std::string& why) {
    return refuse(ServerErrorCode::MasterKeyUnusable, path + ": " + why);
}

/// Reads until `size` bytes or the end of the file.
std::size_t read_up_to(int descriptor, std::span<std::uint8_t> out) {
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t got = ::read(descriptor, out.data() + filled, out.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        filled += static_cast<std::size_t>(got);
    }
    return filled;
}

bool write_all(int descriptor, SecretView bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const ssize_t put = ::write(descriptor, bytes.data() + written, bytes.size() - written);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        written += static_cast<std::size_t>(put);
    }
    return true;
}

}  // namespace

bool lies_inside(const std::string& path, const std::string& directory) {
    std::error_code error;
    const fs::path file = fs::weakly_canonical(path, error);
    if (error) return true;
    const fs::path root = fs::weakly_canonical(directory, error);
    if (error) return true;
    const auto [end, unused] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
    return end == root.end() || end->empty();  // a trailing slash leaves an empty last part
}

Answer<Secret> read_master_key(const std::string& path, const std::string& data_directory) {
    const File file(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (!file.opened()) return unusable(path, reason());
    struct stat about {};
    if (::fstat(file.descriptor(), &about) != 0) return unusable(path, reason());
    if (!S_ISREG(about.st_mode)) return unusable(path, "not a regular file");
    if (about.st_uid != ::geteuid() && about.st_uid != 0) return unusable(path, "belongs to another user");
    const mode_t mode = about.st_mode & 07777U;
    const bool credential = mode == 0440 && about.st_uid == 0 && list_names_one_reader(file.descriptor(), ::geteuid());
    if (mode != 0600 && mode != 0400 && !credential) return unusable(path, "its mode has to be 0600 or 0400");
    if (about.st_nlink != 1) return unusable(path, "has a second name (a hard link), which may lie in the data directory");
    if (lies_inside(path, data_directory)) {
        return unusable(path, "lies inside the data directory; whoever copies that would have both");
    }
    Secret bytes(kMasterKeyBytes + 1);  // one more, to notice a longer file
    if (read_up_to(file.descriptor(), bytes.writable()) != kMasterKeyBytes) {
        return unusable(path, "has to hold exactly 32 bytes");
    }
    bytes.truncate(kMasterKeyBytes);
    return bytes;
}

Answer<void> write_master_key(const std::string& path) {
    const Secret key = Secret::random(kMasterKeyBytes);
    const File file(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (!file.opened()) {
        return unusable(path, errno == EEXIST ? "exists already, and a master key is never overwritten" : reason());
    }
    if (::fchmod(file.descriptor(), 0600) != 0 || !write_all(file.descriptor(), key.bytes()) ||
        ::fsync(file.descriptor()) != 0) {
        const std::string why = reason();
        ::unlink(path.c_str());  // made by us a moment ago; half a key serves nobody
        return unusable(path, why);
    }
    const fs::path parent = fs::path(path).parent_path();
    const File directory(parent.empty() ? "." : parent.string(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!directory.opened() || ::fsync(directory.descriptor()) != 0) return unusable(path, reason());
    return {};
}

}  // namespace countersign::server
