// SPDX-License-Identifier: Apache-2.0
#include "http/tls_channel.h"

#include <new>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace countersign::server {

namespace {

void count_message(int sent, int, int type, const void*, std::size_t, SSL*, void* count) {
    if (sent == 0 && type == SSL3_RT_HANDSHAKE) ++*static_cast<int*>(count);
}

}  // namespace

TlsChannel::TlsChannel(ssl_ctx_st& context, int socket) : tls_(SSL_new(&context), SSL_free) {
    if (!tls_ || SSL_set_fd(tls_.get(), socket) != 1) throw std::bad_alloc();
    SSL_set_msg_callback(tls_.get(), count_message);
    SSL_set_msg_callback_arg(tls_.get(), messages_.get());
    SSL_set_accept_state(tls_.get());
}

// The queue of errors belongs to the thread, and so to all its connections: it is left empty.
TlsChannel::Step TlsChannel::step_after(int outcome, std::size_t count) {
    if (outcome == 1) return {Next::Done, count};
    const int reason = SSL_get_error(tls_.get(), outcome);
    ERR_clear_error();
    if (reason == SSL_ERROR_WANT_READ) return {Next::WaitToRead, 0};
    if (reason == SSL_ERROR_WANT_WRITE) return {Next::WaitToWrite, 0};
    broken_ = reason != SSL_ERROR_ZERO_RETURN;
    return {Next::Closed, 0};
}

TlsChannel::Step TlsChannel::handshake() {
    const Step step = step_after(SSL_do_handshake(tls_.get()), 0);
    if (step.next == Next::Done) *messages_ = 0;
    return step;
}

TlsChannel::Step TlsChannel::read(std::span<char> into) {
    std::size_t count = 0;
    const int outcome = SSL_read_ex(tls_.get(), into.data(), into.size(), &count);
    if (*messages_ > kMostMessages) {
        ERR_clear_error();
        broken_ = true;
        return {Next::Closed, 0};
    }
    if (outcome == 1) *messages_ = 0;
    return step_after(outcome, count);
}

TlsChannel::Step TlsChannel::write(std::string_view bytes) {
    if (bytes.empty()) return {Next::Done, 0};
    std::size_t count = 0;
    const int outcome = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
    return step_after(outcome, count);
}

void TlsChannel::say_goodbye() {
    if (!broken_ && SSL_is_init_finished(tls_.get()) == 1) SSL_shutdown(tls_.get());
    ERR_clear_error();
}

}  // namespace countersign::server
