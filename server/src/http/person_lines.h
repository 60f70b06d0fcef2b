// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/import_batch.h"
#include "app/people.h"

namespace countersign::server {

/// How a person's addresses are written.
enum class AddressForm : unsigned char { Masked, Full };

/// One user as one line of JSON with its end: `users export` writes it and `users import` reads it.
///
/// @param seeds  of the authenticators; empty: without them, and then it cannot be imported
/// @return with seeds a secret, to be wiped
[[nodiscard]] std::string write_person_line(const People& people, const Person& person,
                                            const std::vector<OpenedSeed>& seeds, AddressForm form);

/// Reads such lines. Authenticators come in, and the address for notices; codes, questions and addresses that are a
/// method are not, since they are bound to the server that they were made on: each is a warning.
/// @param lines  a secret of the caller's
[[nodiscard]] ImportBatch read_person_lines(std::string_view lines);

}  // namespace countersign::server
