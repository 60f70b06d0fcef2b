// SPDX-License-Identifier: Apache-2.0
#include "cli/new_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace countersign::cli {

NewFile::NewFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), kept_(other.kept_) {}

NewFile::~NewFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!kept_) ::unlink(path_.c_str());
}

Checked<NewFile> NewFile::create(const std::string& path) {
    // O_EXCL: no file is overwritten, and no link is followed to one.
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return fail(UsageCode::FileNotWritten, "--out " + path + " cannot be made: " + std::strerror(errno));
    }
    return NewFile(path, descriptor);
}

Checked<void> NewFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return failed();
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Checked<void> NewFile::keep() {
    if (::fsync(descriptor_) != 0) return failed();
    kept_ = true;
    return {};
}

tl::unexpected<Failure> NewFile::failed() const {
    return fail(UsageCode::OutputFailed, "--out " + path_ + " cannot be written: " + std::strerror(errno));
}

}  // namespace countersign::cli
