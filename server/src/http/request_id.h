// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace countersign::server {

/// 16 random bytes in lower-case hexadecimal.
[[nodiscard]] std::string new_request_id();

/// 1 to 64 of `[A-Za-z0-9._-]`: fit for a header, a log line and a URN as it stands.
[[nodiscard]] bool is_request_id(std::string_view text) noexcept;

/// Whether this is a `traceparent` (W3C Trace Context, level 1, 3.2): version 00 exactly; of a later version its
/// first four fields are read as if it were 00. Ids of zeros alone are none.
[[nodiscard]] bool is_traceparent(std::string_view text) noexcept;

/// The 32 hexadecimal digits of the trace. @param traceparent  one that `is_traceparent`, or empty: then empty
[[nodiscard]] std::string_view trace_id(std::string_view traceparent) noexcept;

}  // namespace countersign::server
