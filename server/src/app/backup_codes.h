// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/clock.h"
#include "app/error.h"
#include "app/policies.h"
#include "countersign/secret.h"

namespace countersign::server {

struct BackupCodeRequest {
    std::string realm;
    std::string user;
    std::string who;     ///< 1 to 64 bytes of printable UTF-8: who issues it
    std::string reason;  ///< 1 to 256 bytes of printable UTF-8
    std::optional<int> hours;  ///< 1 to 168; nothing: as the policy has it
};

struct IssuedBackupCode {
    Secret code;  ///< grouped for reading; stored as a keyed hash only, so shown once
    UnixSeconds expires_at;
};

inline constexpr std::size_t kMaxReasonBytes = 256;
inline constexpr int kMaxBackupHours = 168;

/// The administrator's codes for users who are locked out (A8, R3), by an operator's second process.
class BackupCodes {
  public:
    /// Errors: the `data.*` and `master_key.*` codes.
    [[nodiscard]] static Answer<std::unique_ptr<BackupCodes>> open(const std::string& data_directory,
                                                                   const std::string& master_key_file, PolicyForm form,
                                                                   std::shared_ptr<const Clock> clock);
    virtual ~BackupCodes() = default;

    /// One more ends the one before. Enables static codes that were disabled.
    /// Errors: `realm.unknown`, `policy.not_allowed`, `method.none`, `request.field_invalid`.
    [[nodiscard]] virtual Answer<IssuedBackupCode> issue(const BackupCodeRequest& request) = 0;
};

}  // namespace countersign::server
