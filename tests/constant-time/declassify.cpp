// SPDX-License-Identifier: Apache-2.0
#include "../../core/src/declassify.h"

#include <valgrind/memcheck.h>

// Takes the place of the core's: the only difference between what runs here and what ships.
namespace countersign {

std::uint64_t declassify(std::uint64_t value) noexcept {
    (void)VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
    return value;
}

}  // namespace countersign
