// SPDX-License-Identifier: Apache-2.0
#include "app/code_digest.h"

#include <algorithm>

#include "app/refusal.h"
#include "countersign/code_stretch.h"

namespace countersign::server {

Answer<Digest> digest_code(const Keys& keys, const std::string& realm, const std::string& user, SecretView stretched) {
    const auto made = digest_stretched_code(keys.pepper(), realm, user, stretched);
    if (!made) return refuse(ServerErrorCode::ServerUnavailable);
    Digest digest{};
    std::ranges::copy(made->bytes(), digest.begin());
    return digest;
}

}  // namespace countersign::server
