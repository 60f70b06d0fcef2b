// SPDX-License-Identifier: Apache-2.0
#include "app/backup_code_maker.h"

#include <utility>

#include "app/code_digest.h"
#include "app/refusal.h"
#include "countersign/code_stretch.h"
#include "countersign/security_codes.h"

namespace countersign::server {

Answer<MadeCode> make_backup_code(const Keys& keys, const std::string& realm, const std::string& user) {
    const Secret code = make_security_code();
    const auto salt = derive_code_salt(keys.salt(), realm, user);
    if (!salt) return refuse(ServerErrorCode::ServerUnavailable, "the code could not be stretched");
    const auto stretched = stretch_security_code(code.text(), salt->bytes());
    auto shown = format_security_code(code.text());
    if (!stretched || !shown) return refuse(ServerErrorCode::ServerUnavailable, "the code could not be stretched");
    const auto digest = digest_code(keys, realm, user, stretched->bytes());
    if (!digest) return tl::unexpected(digest.error());
    return MadeCode{std::move(*shown), *digest};
}

}  // namespace countersign::server
