// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/error.h"
#include "countersign/secret.h"

namespace countersign::server {

/// One member of an object inside a body: a string, or a whole number.
struct JsonMember {
    std::string_view name;
    bool number = false;
};

/// The members of one such object in their order; nothing where one was not given. A number is its decimal text.
using JsonRow = std::vector<std::optional<Secret>>;

/// One field of a request's body: a string, where nothing else is said.
struct JsonField {
    std::string_view name;
    bool required = true;
    std::optional<Secret> value{};  ///< nothing when it was not given
    bool list = false;              ///< of strings: they end in `values`, and `value` tells that it was given
    std::vector<Secret> values{};
    bool number = false;  ///< a whole number of at most 19 digits; `value` is its decimal text
    /// An object of these, or with `list` a list of such: they end in `rows`, and `value` tells that it was given.
    std::span<const JsonMember> members{};
    std::vector<JsonRow> rows{};
};

/// The number that `value` was read from.
[[nodiscard]] std::int64_t read_number(const Secret& value) noexcept;

/// Of a list; more of them are an error.
inline constexpr std::size_t kMostInList = 64;

/// Reads a body that has to be one JSON object of the named fields, each of the type that is said of it.
///
/// Strict, because what one reader puts up with another one reads differently: no unknown or repeated field,
/// none missing that is required, no other type, no nesting, nothing after the object, valid UTF-8 throughout.
///
/// @param body  wiped before the call returns
/// Errors: `request.malformed`, `request.field_missing`, `request.field_invalid`, `request.field_unknown`;
/// the detail names the field, never its value.
[[nodiscard]] Answer<void> read_json_fields(std::string& body, std::span<JsonField> fields);

/// The same where all are required.
template <std::size_t N>
[[nodiscard]] Answer<std::array<Secret, N>> read_json_fields(std::string& body,
                                                             const std::array<std::string_view, N>& names) {
    std::array<JsonField, N> fields;
    for (std::size_t i = 0; i < N; ++i) fields[i].name = names[i];
    if (auto read = read_json_fields(body, fields); !read) {
        return tl::unexpected(read.error());
    }
    std::array<Secret, N> values;
    for (std::size_t i = 0; i < N; ++i) values[i] = std::move(*fields[i].value);
    return values;
}

}  // namespace countersign::server
