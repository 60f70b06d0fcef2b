// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace countersign::server {

/// The server's side of TLS on one non-blocking socket, which stays the caller's: he waits and closes.
/// No call may follow one that answered `Closed`, nor the closing of the socket.
class TlsChannel {
  public:
    enum class Next : unsigned char { Done, WaitToRead, WaitToWrite, Closed };
    struct Step {
        Next next = Next::Closed;
        std::size_t count = 0;  ///< bytes read or written, with `Done`
    };

    /// Throws std::bad_alloc. @param socket  its descriptor
    TlsChannel(ssl_ctx_st& context, int socket);

    /// So many messages of TLS itself, such as new keys, may come after the handshake and between data. A client sends one
    /// in millions of records.
    static constexpr int kMostMessages = 32;

    [[nodiscard]] Step handshake();
    /// Closes a connection on which more than `kMostMessages` came.
    [[nodiscard]] Step read(std::span<char> into);
    /// May take less than all.
    [[nodiscard]] Step write(std::string_view bytes);
    /// Says that nothing more comes from here; tries once. May follow any answer.
    void say_goodbye();

  private:
    [[nodiscard]] Step step_after(int outcome, std::size_t count);

    std::unique_ptr<int> messages_ = std::make_unique<int>(0);  ///< since the handshake, or since data came
    std::shared_ptr<ssl_st> tls_;
    bool broken_ = false;
};

}  // namespace countersign::server
