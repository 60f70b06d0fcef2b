// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/audit_feed.h"
#include "app/audit_store.h"

namespace countersign::server {

/// One record as a JSON object: `number` and `hash` once it is sealed, `time`, `nonce` and its texts. One that was
/// erased has `erased`, the name of the deletion, and neither nonce, user, credential nor detail.
[[nodiscard]] std::string audit_record_json(const AuditRow& row);

/// `{"checkpoint":"cs-checkpoint-1 ..."}`
[[nodiscard]] std::string audit_checkpoint_json(const StoredCheckpoint& stored);

/// Records and checkpoints in one order: a checkpoint follows the last record that it covers.
[[nodiscard]] std::vector<std::string> audit_lines(const AuditPiece& piece);

}  // namespace countersign::server
