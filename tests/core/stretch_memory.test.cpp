// SPDX-License-Identifier: Apache-2.0
// What stretching answers when the machine has no 19 MiB to give. Limits memory, so it is native only.
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <vector>

#include "countersign/code_stretch.h"

using namespace countersign;

namespace {

/// While it lives, this process may map only a little more memory than it has.
class ScarceMemory {
  public:
    explicit ScarceMemory(rlim_t more_bytes) {
        REQUIRE(getrlimit(RLIMIT_AS, &before_) == 0);
        rlim_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        REQUIRE(pages > 0);
        rlimit scarce = before_;
        scarce.rlim_cur = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + more_bytes;
        REQUIRE(setrlimit(RLIMIT_AS, &scarce) == 0);
    }
    ~ScarceMemory() { setrlimit(RLIMIT_AS, &before_); }
    ScarceMemory(const ScarceMemory&) = delete;
    ScarceMemory& operator=(const ScarceMemory&) = delete;

  private:
    rlimit before_{};
};

ErrorCode outcome_of(const Result<Secret>& stretched) {
    REQUIRE_FALSE(stretched);
    return stretched.error().code;
}

}  // namespace

TEST_CASE("stretching without memory is an error, never a stretched code, and passes again later [R21] [L19]",
          "[code_stretch]") {
    const std::vector<std::uint8_t> salt(kStretchSaltBytes, 1);
    const auto stretch = [&salt] { return stretch_security_code("K7QF-2M9X-TRB4-V3HF", salt); };
    const auto before = stretch();
    REQUIRE(before);
    const auto refused = [&stretch] {
        const ScarceMemory scarce(4 << 20);
        return stretch();
    }();
    CHECK(outcome_of(refused) == ErrorCode::StretchOutOfMemory);
    const auto after = stretch();
    REQUIRE(after);
    CHECK(after->text() == before->text());
}
