// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "app/administrators.h"
#include "app/policies.h"
#include "app/policy.h"

namespace countersign::server {

/// Why a document is no policy.
struct PolicyRefusal {
    std::string code;      ///< stable
    std::string field;     ///< its place in the document, with dots; empty where the whole is meant
    std::string sentence;  ///< for the administrator
};

/// The document, one JSON object of sections, every field present, in a fixed order.
[[nodiscard]] std::string write_policy(const Policy& policy);
/// The same in lines, to be edited.
[[nodiscard]] std::string write_policy_lines(const Policy& policy);

/// Reads a document that was written by hand or by a page, whole or not at all. Strict: no field may be missing,
/// unknown or repeated, numbers are whole, and a contradiction is refused (`find_fault`).
/// Codes: `policy.malformed`, `policy.field_missing`, `policy.field_unknown`, `policy.field_invalid`,
/// and those of `find_fault`.
[[nodiscard]] tl::expected<Policy, PolicyRefusal> read_policy(std::string_view document);

/// One field that differs, both values as JSON.
struct PolicyDifference {
    std::string field;  ///< its place in the document, with dots
    std::string before;
    std::string after;
    /// Whether it lets anybody in, or try more, who could not before (`app/policy_weakening`): on its own, or beside
    /// the other differences.
    bool weakens = false;
};

/// In the order of the document; empty when both are one.
[[nodiscard]] std::vector<PolicyDifference> compare_policies(const Policy& before, const Policy& after);

/// A policy on its way in, with the version it was made from and perhaps a code; one that is none is told with its
/// place. Wipes the body. Errors: `request.malformed`, `request.field_missing`, `request.field_invalid`,
/// `request.field_unknown`.
using PolicySaveRead = std::variant<PolicySave, ServerError, PolicyRefusal>;
[[nodiscard]] PolicySaveRead decode_policy_save(std::string& body);

/// Both as the use cases take them.
[[nodiscard]] PolicyForm json_policy_form() noexcept;

}  // namespace countersign::server
