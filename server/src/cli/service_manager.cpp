// SPDX-License-Identifier: Apache-2.0
// The protocol of sd_notify(3), which is a datagram: libsystemd would be one more library in a process that holds keys.
#include "cli/service_manager.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace countersign::cli {

void tell_service_manager(std::string_view state) noexcept {
    const char* const named = std::getenv("NOTIFY_SOCKET");
    if (named == nullptr) return;
    const std::string_view path = named;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const bool usable = path.size() > 1 && (path.front() == '/' || path.front() == '@');
    if (!usable || path.size() >= sizeof address.sun_path) return;
    std::ranges::copy(path, address.sun_path);
    if (path.front() == '@') address.sun_path[0] = '\0';  // an abstract name
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    const void* const where = &address;
    static_cast<void>(::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                               static_cast<const sockaddr*>(where), length));
    ::close(descriptor);
}

}  // namespace countersign::cli
