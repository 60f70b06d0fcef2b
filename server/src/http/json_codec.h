// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/error.h"
#include "app/service.h"

namespace countersign::server {

// Bodies in: each wipes its body. Errors: those of `read_json_fields`.
[[nodiscard]] Answer<OpenSessionRequest> decode_open_session(std::string& body);
[[nodiscard]] Answer<VerifyRequest> decode_verify(std::string& body);
[[nodiscard]] Answer<std::string> decode_user(std::string& body);
[[nodiscard]] Answer<BeginTotpRequest> decode_begin(std::string& body);
[[nodiscard]] Answer<ElevateRequest> decode_elevate(std::string& body);
/// The credential's id.
[[nodiscard]] Answer<std::string> decode_remove(std::string& body);
[[nodiscard]] Answer<ConfirmTotpRequest> decode_confirm(std::string& body);

// Bodies out.
/// The one answer of R14 to a code that was not accepted.
[[nodiscard]] std::string encode_not_accepted(int retry_after_seconds);
[[nodiscard]] std::string encode_session(const OpenedSession& session);
[[nodiscard]] std::string encode_verify(const VerifyAnswer& answer);
/// As an array.
[[nodiscard]] std::string method_list(const std::vector<MethodState>& methods);
[[nodiscard]] std::string encode_methods(const std::vector<MethodState>& methods);
[[nodiscard]] std::string encode_own_methods(const OwnMethods& own);
[[nodiscard]] std::string encode_elevate(const ElevateAnswer& answer);
[[nodiscard]] std::string encode_pending(const PendingTotp& pending);
[[nodiscard]] std::string encode_confirm(const ConfirmAnswer& answer);

}  // namespace countersign::server
