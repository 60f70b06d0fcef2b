// SPDX-License-Identifier: Apache-2.0
#include "http/refusal_budget.h"

#include <catch2/catch.hpp>

using namespace countersign::server;
using namespace std::chrono_literals;

namespace {

const RefusalBudget::Steady::time_point kStart = RefusalBudget::Steady::time_point{} + 1h;

}  // namespace

TEST_CASE("200 refusals a minute have a line each, and the next line tells how many had none [L8]") {
    RefusalBudget budget;
    std::size_t told = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto line = budget.take(kStart + std::chrono::milliseconds(i));
        CHECK(line.untold == 0);
        told += line.tell ? 1 : 0;
    }
    CHECK(told == 200);
    CHECK_FALSE(budget.take(kStart + 59s).tell);
    const auto next = budget.take(kStart + 60s);
    CHECK(next.tell);
    CHECK(next.untold == 801);
    CHECK(budget.take(kStart + 60s).untold == 0);
}
