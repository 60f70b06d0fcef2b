// SPDX-License-Identifier: Apache-2.0
#include "log/audit_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "log/audit_cursor.h"

namespace countersign::server {
namespace {

constexpr std::string_view kRecord = "{\"number\":";
constexpr off_t kTail = 64 * 1024;  // longer than any line of ours

/// The last bytes of a file, or nothing when they cannot be read.
std::optional<std::string> read_tail(int descriptor, off_t size) {
    const off_t from = std::max<off_t>(0, size - kTail);
    std::string tail(static_cast<std::size_t>(size - from), '\0');
    std::size_t have = 0;
    while (have < tail.size()) {
        const ssize_t got = ::pread(descriptor, tail.data() + have, tail.size() - have, from + static_cast<off_t>(have));
        if (got <= 0) return std::nullopt;
        have += static_cast<std::size_t>(got);
    }
    return tail;
}

/// The number of the last record among whole lines; 0 for none.
std::int64_t last_number(std::string_view tail) {
    std::int64_t number = 0;
    while (!tail.empty()) {
        const std::size_t end = tail.find('\n');
        if (end == std::string_view::npos) break;
        const std::string_view line = tail.substr(0, end);
        tail.remove_prefix(end + 1);
        if (!line.starts_with(kRecord)) continue;
        std::int64_t read = 0;
        if (std::from_chars(line.data() + kRecord.size(), line.data() + line.size(), read).ec == std::errc{}) {
            number = read;
        }
    }
    return number;
}

}  // namespace

AuditFile::AuditFile(std::string path) : path_(std::move(path)), cursor_path_(path_ + ".cursor") {}

AuditFile::~AuditFile() { close_file(); }

void AuditFile::close_file() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

tl::unexpected<std::string> AuditFile::failed(std::string_view what) const {
    const char* reason = std::strerror(errno);
    return tl::unexpected(path_ + " " + std::string(what) + ": " + reason);
}

tl::expected<void, std::string> AuditFile::open_file() {
    if (reopen_.exchange(false) || was_moved()) close_file();
    if (descriptor_ >= 0) return {};
    // Without O_NONBLOCK a pipe would wait for its reader.
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (descriptor_ < 0) return failed("cannot be opened");
    struct stat about {};
    if (::fstat(descriptor_, &about) != 0 || !S_ISREG(about.st_mode)) {
        close_file();
        errno = EINVAL;
        return failed("is not a file");
    }
    auto sound = drop_torn_line();
    if (!sound) close_file();  // looked at again the next time
    return sound;
}

bool AuditFile::was_moved() const {
    if (descriptor_ < 0) return false;
    struct stat ours {};
    struct stat there {};
    if (::fstat(descriptor_, &ours) != 0 || ::stat(path_.c_str(), &there) != 0) return true;
    return ours.st_ino != there.st_ino || ours.st_dev != there.st_dev;
}

/// What a full disk or a killed process left of a line goes: it comes again, whole.
tl::expected<void, std::string> AuditFile::drop_torn_line() {
    struct stat about {};
    if (::fstat(descriptor_, &about) != 0) return failed("cannot be read");
    const auto tail = read_tail(descriptor_, about.st_size);
    if (!tail) return failed("cannot be read");
    if (tail->empty() || tail->back() == '\n') return {};
    const std::size_t end = tail->rfind('\n');
    const std::size_t torn = end == std::string::npos ? tail->size() : tail->size() - end - 1;
    if (!std::string_view(*tail).substr(tail->size() - torn).starts_with('{')) {
        errno = EINVAL;
        return failed("ends in something that is not ours");
    }
    if (::ftruncate(descriptor_, about.st_size - static_cast<off_t>(torn)) != 0) return failed("cannot be mended");
    return {};
}

tl::expected<AuditCursor, std::string> AuditFile::cursor() {
    if (auto opened = open_file(); !opened) return tl::unexpected(std::move(opened.error()));
    auto cursor = read_audit_cursor(cursor_path_);
    if (!cursor) return cursor;
    // A process killed between the lines and the cursor has written more than the cursor says.
    struct stat about {};
    if (::fstat(descriptor_, &about) != 0) return failed("cannot be read");
    const auto tail = read_tail(descriptor_, about.st_size);
    if (!tail) return failed("cannot be read");
    cursor->number = std::max(cursor->number, cursor->store.empty() ? 0 : last_number(*tail));
    return cursor;
}

tl::expected<void, std::string> AuditFile::take(const std::vector<std::string>& lines, const AuditCursor& next) {
    if (auto opened = open_file(); !opened) return opened;
    struct stat before {};
    if (::fstat(descriptor_, &before) != 0) return failed("cannot be read");
    std::string text;
    for (const std::string& line : lines) text.append(line).append("\n");
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    tl::expected<void, std::string> taken;
    if (rest.empty() && ::fdatasync(descriptor_) == 0) taken = write_audit_cursor(cursor_path_, next);
    else taken = failed("cannot be written");
    // All or none: what is not told by the cursor would come twice. If it cannot be undone either, opening mends it.
    if (!taken && ::ftruncate(descriptor_, before.st_size) != 0) close_file();
    return taken;
}

}  // namespace countersign::server
