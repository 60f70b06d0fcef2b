// SPDX-License-Identifier: Apache-2.0
#include "log/audit_cursor.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <string_view>
#include <unistd.h>

namespace countersign::server {
namespace {

constexpr std::string_view kForm = "cs-audit-cursor-1";
constexpr std::string_view kNoStore = "-";

tl::unexpected<std::string> failed(const std::string& path, std::string_view what) {
    const char* reason = std::strerror(errno);
    return tl::unexpected(path + " " + std::string(what) + ": " + reason);
}

}  // namespace

tl::expected<AuditCursor, std::string> read_audit_cursor(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        if (errno == ENOENT) return AuditCursor{};
        return failed(path, "cannot be read");
    }
    char buffer[256];
    const ssize_t size = ::read(descriptor, buffer, sizeof buffer);
    ::close(descriptor);
    if (size < 0) return failed(path, "cannot be read");
    std::istringstream line(std::string(buffer, static_cast<std::size_t>(size)));
    std::string form;
    AuditCursor cursor;
    if (!(line >> form >> cursor.store >> cursor.epoch >> cursor.number >> cursor.checkpoint) || form != kForm ||
        cursor.number < 0 || cursor.checkpoint < 0) {
        return tl::unexpected(path + " is no cursor of ours; move it away to ship everything again");
    }
    if (cursor.store == kNoStore) cursor.store.clear();
    return cursor;
}

tl::expected<void, std::string> write_audit_cursor(const std::string& path, const AuditCursor& cursor) {
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());  // of a process that was killed
    const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return failed(beside, "cannot be made");
    std::string line(kForm);
    line.append(" ").append(cursor.store.empty() ? kNoStore : std::string_view(cursor.store));
    for (const std::int64_t number : {cursor.epoch, cursor.number, cursor.checkpoint}) {
        line.append(" ").append(std::to_string(number));
    }
    line += "\n";
    const bool written = ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                         ::fdatasync(descriptor) == 0;
    const int reason = errno;
    ::close(descriptor);
    errno = reason;
    if (!written || std::rename(beside.c_str(), path.c_str()) != 0) return failed(path, "cannot be written");
    return {};
}

}  // namespace countersign::server
