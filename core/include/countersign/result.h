// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include "countersign/error.h"

namespace countersign {

/// A value, or the reason why the question was malformed. Nothing in the core throws, and it is compiled
/// without exceptions; when memory runs out, the standard library ends the process or lets `std::bad_alloc`
/// pass.
template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code) noexcept {
    return tl::unexpected<Error>(Error{code});
}

}  // namespace countersign
