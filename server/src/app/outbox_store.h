// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/error.h"
#include "countersign/totp.h"

// Where notices go, and mail on its way, as a store keeps them.

namespace countersign::server {

/// The two methods that are an address.
inline constexpr std::string_view kEmail = "email";
inline constexpr std::string_view kAlternateEmail = "alternate_email";
/// Stands for the method where a contact's address is sealed.
inline constexpr std::string_view kContact = "contact";

/// A user's primary address, as the back end supplied it last (R23).
struct ContactRecord {
    std::string realm;
    std::string user;
    std::string issuer;  ///< the site's name, for the texts
    std::string key_id;
    std::vector<std::uint8_t> sealed;
    UnixSeconds updated_at;
};

/// A mail on its way.
struct OutboxRecord {
    std::string realm;
    std::string user;
    std::string id;      ///< becomes the Message-ID
    std::string kind;    ///< `mail_kind_name`
    std::string key_id;  ///< empty without `sealed`
    /// Address and values (`app/mail_content.h`). Nothing: a notice whose addresses are not looked up yet.
    std::optional<std::vector<std::uint8_t>> sealed;
    std::string method;
    std::string detail;  ///< of a notice: one number, as `remaining=7`; of a code: what a resend replaces it by
    UnixSeconds created_at;
    std::optional<UnixSeconds> expires_at;  ///< of a code: it is dropped then
    std::int64_t attempts = 0;
    UnixSeconds next_at;
    UnixSeconds leased_until;  ///< names the lease
};

/// What the operator may see of the outbox.
struct OutboxState {
    std::int64_t waiting = 0;
    std::int64_t dead = 0;
    std::optional<UnixSeconds> next_at;  ///< of the first that waits and that nobody holds
    std::optional<UnixSeconds> oldest{};  ///< when the first of those that wait was written
};

inline constexpr std::int64_t kMailLeaseSeconds = 60;

struct MailLease {
    UnixSeconds now;
    /// No other process can hold one: leases that stand are a dead one's (R18).
    bool alone = false;
};

/// What became of a leased mail.
struct MailFinish {
    enum class Fate : unsigned char {
        Erase,    ///< sent, expired, or made into others
        Retry,    ///< at `next_at`
        Dead,     ///< the envelope stays
        Release,  ///< as if it had not been tried
    };
    OutboxRecord mail;
    Fate fate = Fate::Release;
    UnixSeconds next_at;
    int reply_code = 0;
    std::vector<OutboxRecord> others;  ///< with Erase: put in its place
};

class OutboxStore {
  public:
    virtual ~OutboxStore() = default;
    [[nodiscard]] virtual Answer<std::optional<ContactRecord>> find_contact(const std::string& realm,
                                                                            const std::string& user) = 0;
    [[nodiscard]] virtual Answer<OutboxState> outbox_state() = 0;
    /// One that is due, a code before a notice; nothing when none is.
    virtual void lease_mail(MailLease lease, Reply<std::optional<OutboxRecord>> reply) = 0;
    /// False when the lease is over and another holds it.
    virtual void finish_mail(MailFinish finish, Reply<bool> reply) = 0;
};

}  // namespace countersign::server
