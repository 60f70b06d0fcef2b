// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/mail_kind.h"
#include "countersign/secret.h"
#include "countersign/totp.h"

namespace countersign::server {

/// One message, made from a template. Texts may hold a code.
struct Mail {
    std::string id;       ///< becomes the Message-ID, so that a mail sent twice is seen as one: letters, digits, `_`
    std::string to;       ///< one that `is_email_address` accepts
    std::string subject;  ///< UTF-8, one line
    Secret text;
    Secret html;
    UnixSeconds now;      ///< of the header Date
};

enum class MailOutcome : unsigned char {
    Sent,      ///< the mail server has taken it
    TryLater,  ///< nobody answered, or it asked for patience (4xx)
    Never,     ///< it was refused for good (5xx)
};

struct MailResult {
    MailOutcome outcome = MailOutcome::TryLater;
    int reply_code = 0;  ///< of SMTP; 0 when there was none
    std::string reason;  ///< for the log: no address, no text of the mail
    bool timed_out = false;
};

/// Sends mail. Blocks up to its time limit, so it is called from a thread of its own.
class Mailer {
  public:
    virtual ~Mailer() = default;
    [[nodiscard]] virtual MailResult send(const Mail& mail) = 0;
    /// Ends what is being sent, within about a second, with `TryLater`, and all that comes after. Any thread.
    virtual void abort() noexcept {}
};

/// How mail leaves, of a server that sends some; empty of one that does not.
struct MailService {
    std::shared_ptr<Mailer> mailer;
    std::shared_ptr<const MailWriter> writer;
};

}  // namespace countersign::server
