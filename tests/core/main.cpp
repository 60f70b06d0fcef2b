// SPDX-License-Identifier: Apache-2.0
// The one file that holds Catch2's own code: it takes 20 seconds to compile.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
