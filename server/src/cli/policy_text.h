// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/policies.h"
#include "cli/command.h"
#include "cli/data_flags.h"
#include "http/policy_codec.h"
#include "log/json_text.h"

namespace countersign::cli {

/// Opens the policies of `--data`, beside a running server.
[[nodiscard]] Checked<std::unique_ptr<server::Policies>> open_policies(const Arguments& arguments);

/// The document of `--file` or `--stdin`. Errors: those of `read_input`, and of the document.
[[nodiscard]] Checked<server::Policy> read_policy_document(const Arguments& arguments);

/// `version`, `who`, `at` and the document under `policy`.
[[nodiscard]] server::JsonText policy_json(const server::SavedPolicy& saved);

}  // namespace countersign::cli
