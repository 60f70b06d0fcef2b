// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace countersign::server {

/// A file of server/mail-templates, compiled in; empty when there is none of that name.
[[nodiscard]] std::string_view embedded_mail_template(std::string_view file_name) noexcept;

}  // namespace countersign::server
