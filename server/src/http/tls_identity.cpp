// SPDX-License-Identifier: Apache-2.0
#include "http/tls_identity.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <ctime>
#include <system_error>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "countersign/secret.h"
#include "http/private_file.h"

namespace countersign::server {
namespace {

using Failure = tl::unexpected<std::string>;
using ContextPointer = std::shared_ptr<SSL_CTX>;
using KeyPointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr std::size_t kLongestKeyFile = 64UL * 1024;

Failure wrong(const std::string& path, std::string_view why) {
    std::string sentence = path;
    return Failure(sentence.append(": ").append(why));
}

std::string system_reason() { return std::generic_category().message(errno); }

std::string library_reason() {
    const char* reason = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return reason == nullptr ? "it is not usable" : reason;
}

// Nobody is there to be asked.
int refuse_pass_phrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

tl::expected<KeyPointer, std::string> read_key(const std::string& path) {
    const auto content = read_private_file(path, kLongestKeyFile);
    if (!content) return Failure(content.error());
    const std::unique_ptr<BIO, decltype(&BIO_free)> bytes(
        BIO_new_mem_buf(content->bytes().data(), static_cast<int>(content->size())), BIO_free);
    bool asked = false;
    KeyPointer key(PEM_read_bio_PrivateKey(bytes.get(), nullptr, refuse_pass_phrase, &asked), EVP_PKEY_free);
    ERR_clear_error();
    if (asked) return wrong(path, "has a pass phrase; give a key without one, readable by its owner alone");
    if (!key) return wrong(path, "holds no private key in PEM");
    return key;
}

// RFC 7301, 3.2: a client that names protocols and not ours is told so.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
    static constexpr unsigned char kOurs[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    const int outcome = SSL_select_next_proto(&found, length, kOurs, sizeof kOurs, offered, offered_length);
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

ContextPointer make_context() {
    ContextPointer context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (!context) return nullptr;
    SSL_CTX* const raw = context.get();
    // Each is set, whatever the system's own configuration says.
    const bool set =
        SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1 && SSL_CTX_set_max_proto_version(raw, 0) == 1 &&
        SSL_CTX_set_cipher_list(raw, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                     "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                     "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305") == 1 &&
        SSL_CTX_set_ciphersuites(raw, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") == 1 &&
        SSL_CTX_set1_groups_list(raw, "X25519:P-256") == 1 && SSL_CTX_set_num_tickets(raw, 0) == 1;
    if (!set) return nullptr;
    SSL_CTX_set_security_level(raw, 2);  // keys of at least 112 bits of security: RSA from 2048
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_CLEANSE_PLAINTEXT);
    // What is no data ends a read, or whoever sends such messages without end would never let go of the thread.
    SSL_CTX_clear_mode(raw, SSL_MODE_AUTO_RETRY);
    // Buffers only while there is something in them: an idle connection costs little.
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
    return context;
}

std::int64_t unix_seconds(const ASN1_TIME* time) {
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? std::int64_t{timegm(&parts)} : 0;
}

std::string date_of(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[32]{};
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

}  // namespace

tl::expected<TlsIdentity::Loaded, std::string> TlsIdentity::read(const TlsFiles& files) {
    ERR_clear_error();
    Loaded loaded{make_context(), 0};
    if (!loaded.context) return wrong("TLS", library_reason());
    if (::access(files.certificate.c_str(), R_OK) != 0) return wrong(files.certificate, system_reason());
    if (SSL_CTX_use_certificate_chain_file(loaded.context.get(), files.certificate.c_str()) != 1) {
        // The first of the errors is the reason; those after it say what was being done.
        const bool no_pem = ERR_GET_REASON(ERR_peek_error()) == PEM_R_NO_START_LINE;
        return wrong(files.certificate, no_pem ? "holds no certificate in PEM" : "is no usable certificate: " + library_reason());
    }
    const X509* const certificate = SSL_CTX_get0_certificate(loaded.context.get());
    const std::int64_t from = unix_seconds(X509_get0_notBefore(certificate));
    loaded.valid_until = unix_seconds(X509_get0_notAfter(certificate));
    const std::int64_t now = std::time(nullptr);
    if (now > loaded.valid_until) return wrong(files.certificate, "the certificate expired at " + date_of(loaded.valid_until));
    if (now < from) return wrong(files.certificate, "the certificate is not valid before " + date_of(from));
    const auto key = read_key(files.private_key);
    if (!key) return Failure(key.error());
    if (X509_check_private_key(certificate, key->get()) != 1) {
        ERR_clear_error();
        return wrong(files.private_key, "is not the key of the certificate in " + files.certificate);
    }
    if (SSL_CTX_use_PrivateKey(loaded.context.get(), key->get()) != 1) {
        return wrong(files.private_key, "is no usable key: " + library_reason());
    }
    return loaded;
}

tl::expected<std::shared_ptr<TlsIdentity>, std::string> TlsIdentity::load(const TlsFiles& files) {
    auto loaded = read(files);
    if (!loaded) return Failure(std::move(loaded.error()));
    return std::shared_ptr<TlsIdentity>(new TlsIdentity(std::move(*loaded)));
}

tl::expected<void, std::string> TlsIdentity::reload(const TlsFiles& files) {
    auto loaded = read(files);
    if (!loaded) return Failure(std::move(loaded.error()));
    const std::lock_guard lock(mutex_);
    loaded_ = std::move(*loaded);
    return {};
}

std::shared_ptr<ssl_ctx_st> TlsIdentity::context() const {
    const std::lock_guard lock(mutex_);
    return loaded_.context;
}

std::int64_t TlsIdentity::valid_until() const {
    const std::lock_guard lock(mutex_);
    return loaded_.valid_until;
}

}  // namespace countersign::server
