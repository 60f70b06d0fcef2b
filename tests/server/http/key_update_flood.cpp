// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

// A TLS 1.3 client that sends new keys, and nothing else: key_update_flood PORT MOST. Ends with 0 when the server closed the
// connection before the last of them, with 3 when it took all, and with 1 when there was no connection.

namespace {

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? socket : -1;
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) return 1;
    std::signal(SIGPIPE, SIG_IGN);
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    const std::unique_ptr<SSL, void (*)(SSL*)> tls(SSL_new(context.get()), SSL_free);
    const int socket = connect_to(static_cast<std::uint16_t>(std::strtoul(words[1], nullptr, 10)));
    if (socket < 0 || SSL_set_fd(tls.get(), socket) != 1 || SSL_connect(tls.get()) != 1) return 1;
    const unsigned long most = std::strtoul(words[2], nullptr, 10);
    for (unsigned long sent = 0; sent < most; ++sent) {
        if (SSL_key_update(tls.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && SSL_do_handshake(tls.get()) == 1) continue;
        std::printf("closed after %lu\n", sent);
        return 0;
    }
    std::printf("took all\n");
    return 3;
}
