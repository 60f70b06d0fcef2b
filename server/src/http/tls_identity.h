// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include <tl/expected.hpp>

struct ssl_ctx_st;

namespace countersign::server {

struct TlsFiles {
    std::string certificate;  ///< PEM: our certificate first, then those between it and the root
    std::string private_key;  ///< PEM, without a pass phrase; no file that others may read
};

/// What the listeners prove themselves by, read from files and read anew on request.
///
/// TLS 1.2 with ECDHE and AEAD alone, and TLS 1.3; X25519 and P-256; no renegotiation, no compression, and no
/// resumption: so there is no ticket key that could open what was recorded. Any thread.
class TlsIdentity {
  public:
    /// The error is one sentence that names the file: it cannot be read, others may read the key, it holds no PEM, the
    /// key has a pass phrase, belongs to another certificate or is too weak, or the certificate is not valid now.
    [[nodiscard]] static tl::expected<std::shared_ptr<TlsIdentity>, std::string> load(const TlsFiles& files);

    /// For connections that come from now on. What was in force stays when there is an error.
    [[nodiscard]] tl::expected<void, std::string> reload(const TlsFiles& files);

    /// In force now; a connection keeps the one that it began with.
    [[nodiscard]] std::shared_ptr<ssl_ctx_st> context() const;
    /// Unix seconds of the last moment at which the certificate in force is valid.
    [[nodiscard]] std::int64_t valid_until() const;

  private:
    struct Loaded {
        std::shared_ptr<ssl_ctx_st> context;
        std::int64_t valid_until = 0;
    };
    explicit TlsIdentity(Loaded loaded) : loaded_(std::move(loaded)) {}
    [[nodiscard]] static tl::expected<Loaded, std::string> read(const TlsFiles& files);

    mutable std::mutex mutex_;
    Loaded loaded_;
};

}  // namespace countersign::server
