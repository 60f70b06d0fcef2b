// SPDX-License-Identifier: Apache-2.0
#include "app/contact.h"

#include "app/seed_box.h"

namespace countersign::server {

ContactRecord make_contact(const Keys& keys, const std::string& realm, const std::string& user,
                           const std::string& issuer, std::string_view address, UnixSeconds now) {
    return {realm, user, issuer, keys.id(), seal_address(keys, {realm, user, kContact, ""}, address), now};
}

std::optional<std::string> open_contact(const Keys& keys, const ContactRecord& contact) {
    return open_address(keys, {contact.realm, contact.user, kContact, "", contact.key_id}, contact.sealed);
}

}  // namespace countersign::server
