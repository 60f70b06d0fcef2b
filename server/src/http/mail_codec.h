// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/error.h"
#include "app/mail_methods.h"

namespace countersign::server {

// The wire's words of addresses and mailed codes. Bodies in: each wipes its body. Errors: those of `read_json_fields`.

[[nodiscard]] Answer<void> decode_nothing(std::string& body);
[[nodiscard]] Answer<std::string> decode_address(std::string& body);
[[nodiscard]] Answer<std::vector<std::string>> decode_alternates(std::string& body);
struct ConfirmAddressRequest {
    std::string pending_id;
    Secret code;
};
[[nodiscard]] Answer<ConfirmAddressRequest> decode_confirm_address(std::string& body);

[[nodiscard]] std::string encode_address_ordered(const AddressOrdered& ordered);
[[nodiscard]] std::string encode_address_answer(const AddressAnswer& answer);
/// `{"offered": [...], "chosen": [...], "user_choice": ...}`
[[nodiscard]] std::string encode_alternates(const OwnAlternates& alternates);

}  // namespace countersign::server
