// SPDX-License-Identifier: Apache-2.0
// One fault on purpose: `planted_fault KIND` commits it and then waits to be killed, as a server would. As a library
// (PLANTED_IN_SERVER) it is preloaded into a real server and commits the kind that PLANTED_FAULT names, once the
// file that PLANTED_FAULT_WHEN names is there.
#include <chrono>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <thread>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;

// What the optimizer must not see through.
volatile int sink = 0;
int* volatile place = nullptr;
int raced = 0;

void use_after_free() {
    place = new int(7);
    delete place;
    sink = *place;
}

void overflow() {
    const int most = sink + std::numeric_limits<int>::max();
    sink = most + 1;
}

void race() {
    std::thread other([] {
        for (int i = 0; i < 1000; ++i) ++raced;
    });
    for (int i = 0; i < 1000; ++i) ++raced;
    other.join();
    sink = raced;
}

/// Told at the end of the process alone.
void leak() {
    place = new int[100];
    place = nullptr;
}

void plant(std::string_view kind) {
    if (kind == "use_after_free") use_after_free();
    if (kind == "overflow") overflow();
    if (kind == "race") race();
    if (kind == "leak") leak();
}

#ifdef PLANTED_IN_SERVER
const bool planted = [] {
    const char* const kind = std::getenv("PLANTED_FAULT");
    const char* const when = std::getenv("PLANTED_FAULT_WHEN");
    if (kind == nullptr || when == nullptr) return false;
    std::thread([kind, when] {
        while (::access(when, F_OK) != 0) std::this_thread::sleep_for(20ms);
        plant(kind);
    }).detach();
    return true;
}();
#endif

}  // namespace

#ifndef PLANTED_IN_SERVER
int main(int argc, char** argv) {
    const std::string_view kind = argc > 1 ? argv[1] : "";
    plant(kind);
    if (kind == "leak") return 0;
    std::this_thread::sleep_for(60s);
    return 0;
}
#endif
