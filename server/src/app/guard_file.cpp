// SPDX-License-Identifier: Apache-2.0
#include "app/guard_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <sstream>
#include <system_error>
#include <tuple>

#include "app/master_key.h"
#include "app/refusal.h"

namespace countersign::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "countersign-guard-1";
constexpr std::size_t kShownOfId = 16;
constexpr std::size_t kMostBytes = 256;

std::string reason() { return std::generic_category().message(errno); }

std::string counts(const StoreMark& mark) {
    return "epoch " + std::to_string(mark.epoch) + ", commit " + std::to_string(mark.commits);
}

bool write_file(const std::string& path, const std::string& text) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (descriptor < 0) return false;
    const bool written = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                         ::fsync(descriptor) == 0;
    const int why = errno;
    ::close(descriptor);
    errno = why;
    return written;
}

/// Of a plain file: in a shared directory somebody may lay a pipe in its place. With `errno` where there is none.
std::optional<std::string> read_file(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) return std::nullopt;
    struct stat about {};
    std::string content(kMostBytes, '\0');
    ssize_t got = -1;
    if (::fstat(descriptor, &about) == 0) {
        errno = EINVAL;
        if (S_ISREG(about.st_mode)) got = ::read(descriptor, content.data(), content.size());
    }
    const int why = errno;
    ::close(descriptor);
    errno = why;
    if (got < 0) return std::nullopt;
    content.resize(static_cast<std::size_t>(got));
    return content;
}

bool sync_directory(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool synced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return synced;
}

}  // namespace

GuardFile::GuardFile(const std::string& directory, const std::string& master_key_file, const std::string& store_id) {
    const fs::path beside = fs::path(master_key_file).parent_path();
    const fs::path place = !directory.empty() ? fs::path(directory) : beside.empty() ? fs::path(".") : beside;
    path_ = (place / ("countersign-" + store_id.substr(0, kShownOfId) + ".guard")).string();
}

Answer<StoreMark> GuardFile::read() const {
    const auto content = read_file(path_);
    if (!content) {
        if (errno == ENOENT) return StoreMark{};
        return refuse(ServerErrorCode::DataBehindGuard, path_ + " cannot be read: " + reason());
    }
    std::istringstream file(*content);
    std::string format;
    StoreMark mark;
    file >> format >> mark.id >> mark.epoch >> mark.commits;
    if (!file || format != kFormat) return refuse(ServerErrorCode::DataBehindGuard, path_ + " is damaged");
    return mark;
}

std::string GuardFile::write(const StoreMark& mark) const {
    std::ostringstream text;
    text << kFormat << ' ' << mark.id << ' ' << mark.epoch << ' ' << mark.commits << '\n';
    const std::string unfinished = path_ + ".unfinished";
    const bool written = write_file(unfinished, text.str()) && ::rename(unfinished.c_str(), path_.c_str()) == 0 &&
                         sync_directory(fs::path(path_).parent_path().string());
    return written ? "" : path_ + ": " + reason();
}

Answer<void> GuardFile::check(const StoreMark& mark, const StoreMark& known) const {
    if (mark.is_backup) return refuse(ServerErrorCode::DataBehindGuard, "it is a backup that nobody has restored");
    if (std::tie(mark.epoch, mark.commits) >= std::tie(known.epoch, known.commits)) return {};
    return refuse(ServerErrorCode::DataBehindGuard, "it stands at " + counts(mark) + ", and " + path_ + " says " + counts(known));
}

Answer<void> refuse_guard_inside(const std::string& directory, const std::string& data_directory) {
    if (directory.empty() || !lies_inside(directory, data_directory)) return {};
    return refuse(ServerErrorCode::DataDirectoryUnusable,
                  directory + ": a guard file in the data directory would be put back with it");
}

}  // namespace countersign::server
