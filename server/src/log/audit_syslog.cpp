// SPDX-License-Identifier: Apache-2.0
#include "log/audit_syslog.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <paths.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>
#include <utility>

#include "log/audit_cursor.h"

namespace countersign::server {
namespace {

/// `<86>Nov 22 12:00:00 countersign[PID]: `, as every local syslog reads it.
std::string head_of_message() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    std::array<char, 32> time{};
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::size_t size = std::strftime(time.data(), time.size(), " %e %H:%M:%S ", &local);
    std::string head("<");
    head.append(std::to_string(LOG_AUTHPRIV | LOG_INFO)).append(">");
    head.append(kMonths[static_cast<std::size_t>(local.tm_mon)]).append(time.data(), size);
    return head.append("countersign[").append(std::to_string(::getpid())).append("]: ");
}

}  // namespace

AuditSyslog::AuditSyslog(std::string cursor_path) : cursor_path_(std::move(cursor_path)) {}

AuditSyslog::~AuditSyslog() { close_socket(); }

void AuditSyslog::close_socket() noexcept {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

bool AuditSyslog::connect_socket() {
    if (socket_ >= 0) return true;
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0) return false;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    static_assert(sizeof(_PATH_LOG) <= sizeof(address.sun_path));
    std::memcpy(address.sun_path, _PATH_LOG, sizeof(_PATH_LOG));
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
    const int reason = errno;
    close_socket();
    errno = reason;
    return false;
}

tl::expected<AuditCursor, std::string> AuditSyslog::cursor() { return read_audit_cursor(cursor_path_); }

bool AuditSyslog::send_message(const std::string& message) {
    // Once more with a new socket: the daemon may have been started anew.
    for (int tries = 0; tries < 2; ++tries) {
        if (connect_socket() && ::send(socket_, message.data(), message.size(), MSG_NOSIGNAL) >= 0) return true;
        const int reason = errno;
        close_socket();
        errno = reason;
        if (reason == EAGAIN) break;  // it is behind
    }
    return false;
}

tl::expected<void, std::string> AuditSyslog::take(const std::vector<std::string>& lines, const AuditCursor& next) {
    const std::string head = head_of_message();
    // What was sent before a failure comes again, first, as the cursor has not moved.
    for (; sent_ < lines.size(); ++sent_) {
        if (!send_message(head + lines[sent_])) {
            const char* reason = std::strerror(errno);
            return tl::unexpected(std::string(_PATH_LOG " does not take messages: ") + reason);
        }
    }
    auto kept = write_audit_cursor(cursor_path_, next);
    if (kept) sent_ = 0;
    return kept;
}

}  // namespace countersign::server
