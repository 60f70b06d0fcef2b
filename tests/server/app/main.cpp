// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_MAIN  // the only file that compiles Catch2's runner
#include <catch2/catch.hpp>
