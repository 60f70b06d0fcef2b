// SPDX-License-Identifier: Apache-2.0
#include "countersign/code_stretch.h"

#include "countersign/security_codes.h"
#include "primitives.h"

namespace countersign {

static_assert(kStretchSaltBytes == kArgon2SaltBytes);

Result<Secret> stretch_secret(SecretView secret, SecretView salt) {
    if (salt.size() != kStretchSaltBytes) return fail(ErrorCode::StretchSaltMalformed);
    Secret stretched(kStretchedBytes);
    if (!argon2id(secret, salt.first<kStretchSaltBytes>(), kStretchPasses, kStretchMemoryKib * 1024,
                  stretched.writable().first<kStretchedBytes>()))
        return fail(ErrorCode::StretchOutOfMemory);
    return stretched;
}

Result<Secret> stretch_security_code(std::string_view code, SecretView salt) {
    if (salt.size() != kStretchSaltBytes) return fail(ErrorCode::StretchSaltMalformed);
    const auto canonical = read_security_code(code);
    if (!canonical) return fail(canonical.error().code);
    return stretch_secret(canonical->bytes(), salt);
}

}  // namespace countersign
