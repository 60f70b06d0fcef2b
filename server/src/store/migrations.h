// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "store/sql.h"

namespace countersign::server {

/// The numbered files of server/migrations/sqlite, embedded by the build; the first is number 1.
[[nodiscard]] std::span<const Sql> sqlite_migrations() noexcept;

}  // namespace countersign::server
