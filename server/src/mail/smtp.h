// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "app/mailer.h"
#include "countersign/secret.h"

namespace countersign::server {

enum class SmtpSecurity : unsigned char {
    StartTls,  ///< `smtp://`: TLS is asked for and required before anything is said
    Tls,       ///< `smtps://`: TLS from the first byte
    Plain,     ///< `smtp://` to this machine: nobody is in between
};

struct SmtpOptions {
    std::string host;
    int port = 0;
    SmtpSecurity security = SmtpSecurity::StartTls;
    std::string user;      ///< empty: no authentication
    Secret password;
    std::string ca_file;   ///< empty: the system's authorities
    std::string from;      ///< one that `is_email_address` accepts
    std::string from_name; ///< printable UTF-8; may be empty
    long connect_seconds = 10;
    long total_seconds = 30;
};

/// Reads `smtp://HOST[:PORT]` (port 587; 25 on this machine) or `smtps://HOST[:PORT]` (465). Names of this machine are
/// `localhost`, `127.0.0.1` and `[::1]`; there alone mail goes without TLS.
/// @return host, port and security; or one sentence that says what is wrong
[[nodiscard]] tl::expected<SmtpOptions, std::string> parse_smtp_url(std::string_view url);

/// Speaks SMTP by libcurl and keeps its connection for the next mail. Not for several threads at once.
[[nodiscard]] std::unique_ptr<Mailer> make_smtp_mailer(SmtpOptions options);

/// Connects as the mailer does, with its TLS and its login, says NOOP and sends nothing.
/// @return `Sent` when the mail server took all of it; the reason otherwise
[[nodiscard]] MailResult try_smtp_login(SmtpOptions options);

}  // namespace countersign::server
