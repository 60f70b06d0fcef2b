// SPDX-License-Identifier: Apache-2.0
#include "http/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

namespace countersign::server {
namespace {

class OpenFile {
  public:
    explicit OpenFile(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~OpenFile() {
        if (number_ >= 0) ::close(number_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }

  private:
    int number_;
};

tl::unexpected<std::string> wrong(const std::string& path, std::string_view why) {
    std::string sentence = path;
    return tl::unexpected<std::string>(sentence.append(": ").append(why));
}

std::string system_reason() { return std::generic_category().message(errno); }

}  // namespace

tl::expected<Secret, std::string> read_private_file(const std::string& path, std::size_t most) {
    const OpenFile file(path);
    if (file.number() < 0) return wrong(path, system_reason());
    struct stat about {};
    if (::fstat(file.number(), &about) != 0) return wrong(path, system_reason());
    if (!S_ISREG(about.st_mode)) return wrong(path, "is no regular file");
    if ((about.st_mode & S_IRWXO) != 0) return wrong(path, "others may read or write it; chmod 600 it");
    if ((about.st_mode & S_IWGRP) != 0) return wrong(path, "its group may write it; chmod 640 it");
    if (about.st_uid != 0 && about.st_uid != ::geteuid()) return wrong(path, "belongs to another user");
    if (static_cast<std::size_t>(about.st_size) > most) return wrong(path, "is too large for what it should hold");
    Secret content(static_cast<std::size_t>(about.st_size));
    std::size_t filled = 0;
    while (filled < content.size()) {
        const ssize_t got = ::read(file.number(), content.writable().data() + filled, content.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return wrong(path, system_reason());
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    content.truncate(filled);
    return content;
}

}  // namespace countersign::server
