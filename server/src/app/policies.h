// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/clock.h"
#include "app/error.h"
#include "app/policy.h"
#include "app/policy_store.h"

namespace countersign::server {

/// How a policy is written and read: `http/policy_codec` outside, where JSON is known.
struct PolicyForm {
    std::string (*write)(const Policy& policy) = nullptr;
    /// Nothing when the document is none.
    std::optional<Policy> (*read)(std::string_view document) = nullptr;
};

/// A policy with the version that a decision by it has to hold.
struct PolicyInForce {
    std::int64_t version = 0;
    Policy policy;
};

/// Version 0 is the defaults. Errors: `server.unavailable` for a document that cannot be read: what an
/// administrator has forbidden must not come back because his words are lost.
[[nodiscard]] Answer<PolicyInForce> read_policy_in_force(const PolicyForm& form, const PolicyRecord& record);

/// One policy with its author and time, for an administrator.
struct SavedPolicy {
    std::int64_t version = 0;
    Policy policy;
    std::string who;  ///< empty with version 0
    UnixSeconds at;   ///< 0 with version 0
};

/// The policies of a data directory, by an operator's second process (A10): whole, at once, with a history.
class Policies {
  public:
    /// Errors: the `data.*` codes.
    [[nodiscard]] static Answer<std::unique_ptr<Policies>> open(const std::string& data_directory, PolicyForm form,
                                                                std::shared_ptr<const Clock> clock);
    virtual ~Policies() = default;

    /// Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<SavedPolicy> current(const std::string& realm) = 0;
    /// The oldest first; empty when none was ever saved. Errors: `realm.unknown`.
    [[nodiscard]] virtual Answer<std::vector<SavedPolicy>> history(const std::string& realm) = 0;
    /// In force for a running server from its next request on, codes that are under way included.
    /// @param policy  without a contradiction: see `find_fault`
    /// @param who     1 to 64 bytes of printable UTF-8
    /// @param expected_version  nothing: whatever is in force
    /// Errors: `realm.unknown`, `policy.version_changed`, `request.field_invalid`.
    [[nodiscard]] virtual Answer<SavedPolicy> save(const std::string& realm, const Policy& policy,
                                                   const std::string& who,
                                                   std::optional<std::int64_t> expected_version) = 0;
};

}  // namespace countersign::server
