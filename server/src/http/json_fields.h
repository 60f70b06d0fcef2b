// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "app/error.h"
#include "countersign/secret.h"

namespace countersign::server {

/// Reads a body that has to be one flat JSON object with exactly the named fields, each a string.
///
/// Strict, because what one reader puts up with another one reads differently: no unknown, missing or
/// repeated field, no other type, no nesting, nothing after the object, valid UTF-8 throughout.
///
/// @param body   wiped before the call returns
/// @param names  the fields; `values` receives them in this order
/// Errors: `request.malformed`, `request.field_missing`, `request.field_invalid`, `request.field_unknown`;
/// the detail names the field, never its value.
[[nodiscard]] Answer<void> read_json_fields(std::string& body, std::span<const std::string_view> names,
                                            std::span<Secret> values);

template <std::size_t N>
[[nodiscard]] Answer<std::array<Secret, N>> read_json_fields(std::string& body,
                                                             const std::array<std::string_view, N>& names) {
    std::array<Secret, N> values;
    if (auto read = read_json_fields(body, names, values); !read) {
        return tl::unexpected(read.error());
    }
    return values;
}

}  // namespace countersign::server
