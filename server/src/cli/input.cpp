// SPDX-License-Identifier: Apache-2.0
#include "cli/input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace countersign::cli {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ > STDERR_FILENO) {
            ::close(fd_);
        }
    }
    [[nodiscard]] int get() const noexcept { return fd_; }

  private:
    int fd_;
};

constexpr std::size_t kFirstRoom = 16 * 1024;

Secret grown(const Secret& bytes, std::size_t size) {
    Secret larger(size);
    std::memcpy(larger.writable().data(), bytes.bytes().data(), bytes.size());
    return larger;
}

// Straight into wiped memory: a stream would keep a buffer of its own.
Checked<Secret> read_all(int descriptor, std::size_t limit, const std::string& name) {
    Secret bytes(std::min(limit + 1, kFirstRoom));
    std::size_t size = 0;
    while (size <= limit) {
        if (size == bytes.size()) {
            bytes = grown(bytes, std::min(limit + 1, size * 2));
        }
        const auto room = bytes.writable().subspan(size);
        const ssize_t count = ::read(descriptor, room.data(), room.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail(UsageCode::FileUnreadable, name + " cannot be read: " + std::strerror(errno));
        }
        if (count == 0) {
            bytes.truncate(size);
            return bytes;
        }
        size += static_cast<std::size_t>(count);
    }
    return fail(UsageCode::InputTooLong, name + " is longer than " + std::to_string(limit) + " bytes");
}

}  // namespace

Checked<Secret> read_input(const Arguments& arguments, const InputFlags& flags) {
    const bool from_stdin = arguments.has(flags.from_stdin);
    if (from_stdin == arguments.has(flags.from_file)) {
        return fail(from_stdin ? UsageCode::FlagConflict : UsageCode::FlagMissing,
                    "give either " + std::string(flags.from_stdin) + " or " + std::string(flags.from_file) + " FILE");
    }
    if (from_stdin) {
        return read_all(STDIN_FILENO, flags.limit, "standard input");
    }
    const std::string path = arguments.text(flags.from_file);
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) {
        return fail(UsageCode::FileUnreadable, std::string(flags.from_file) + " " + path +
                                                   " cannot be read: " + std::strerror(errno));
    }
    return read_all(file.get(), flags.limit, path);
}

void trim_line_end(Secret& text) noexcept {
    std::string_view view = text.text();
    if (view.ends_with('\n')) view.remove_suffix(1);
    if (view.size() < text.size() && view.ends_with('\r')) view.remove_suffix(1);
    text.truncate(view.size());
}

}  // namespace countersign::cli
