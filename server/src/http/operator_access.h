// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "app/error.h"
#include "countersign/secret.h"
#include "http/exchange.h"

namespace countersign::server {

/// Who may ask the operator's listener: whoever has the token, if there is one, and calls it by a name it has.
///
/// The name defends what stands on loopback without a token: a page in a browser on this machine can have its own
/// name lead here, but not an address in figures, nor `localhost`. Any thread.
class OperatorAccess {
  public:
    /// @param hosts  names beyond `localhost` and addresses in figures, without port
    explicit OperatorAccess(std::vector<std::string> hosts) : hosts_(std::move(hosts)) {}

    /// From now on. The error is a sentence that names the file: it cannot be read, others may read it, or it holds
    /// no token: one line of 16 to 512 printable ASCII characters without a space.
    [[nodiscard]] tl::expected<void, std::string> read_token(const std::string& file);

    /// Errors: `route.not_found` under a foreign name, `auth.missing`, `auth.invalid`.
    [[nodiscard]] Answer<void> admit(const HttpRequest& request) const;

  private:
    [[nodiscard]] bool is_called(std::string_view host) const;

    std::vector<std::string> hosts_;
    mutable std::mutex mutex_;  ///< guards the token
    Secret token_;
};

}  // namespace countersign::server
