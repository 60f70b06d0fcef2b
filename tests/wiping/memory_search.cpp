// SPDX-License-Identifier: Apache-2.0
#include "memory_search.h"

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <latch>
#include <stdexcept>
#include <thread>

namespace wiping {
namespace {

constexpr std::size_t kWindow = 8;
constexpr std::uint64_t kMask = 0xa3c59ac3f10e5d7bU;

std::size_t place_of(std::uint64_t masked) { return (masked * 0x9e3779b97f4a7c15U) >> 48U; }

/// Never whole in a register or on the stack: the first byte meets the mask already, and the compiler may
/// not turn that around.
std::uint64_t masked_window(countersign::SecretView bytes) {
    volatile std::uint64_t masked = kMask;
    for (std::size_t i = 0; i < kWindow; ++i) {
        const volatile std::uint8_t& byte = bytes[i];
        masked = masked ^ std::uint64_t{byte} << (8 * i);
    }
    return masked;
}

}  // namespace

void Needles::add(std::string_view name, countersign::SecretView bytes) {
    if (bytes.size() < kWindow) throw std::invalid_argument("too short to be looked for");
    const std::size_t index = names_.size();
    names_.emplace_back(name);
    for (std::size_t at = 0; at + kWindow <= bytes.size(); ++at) {
        const std::uint64_t masked = masked_window(bytes.subspan(at));
        windows_.emplace(masked, index);
        maybe_[place_of(masked)] = true;
    }
}

void Needles::add(std::string_view name, std::string_view text) {
    add(name, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void Needles::search(const std::uint8_t* begin, const std::uint8_t* end, std::vector<bool>& seen) const {
    for (const std::uint8_t* at = begin; at + kWindow <= end; ++at) {
        std::uint64_t word;
        std::memcpy(&word, at, kWindow);
        if (!maybe_[place_of(word ^ kMask)]) continue;
        if (const auto found = windows_.find(word ^ kMask); found != windows_.end()) seen[found->second] = true;
    }
}

std::vector<std::string> Needles::found() const {
    std::vector<bool> seen(names_.size());
    std::ifstream maps("/proc/self/maps");
    std::size_t searched = 0;
    for (std::string line; std::getline(maps, line);) {
        unsigned long begin = 0;
        unsigned long end = 0;
        char may_read = 0;
        char may_write = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx %c%c", &begin, &end, &may_read, &may_write) != 4) continue;
        if (may_read != 'r' || may_write != 'w') continue;
        search(reinterpret_cast<const std::uint8_t*>(begin), reinterpret_cast<const std::uint8_t*>(end), seen);
        searched += end - begin;
    }
    if (searched < (1U << 20U)) throw std::runtime_error("hardly any memory was searched");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (seen[i]) names.push_back(names_[i]);
    return names;
}

std::vector<std::string> left_behind(const std::function<void(Needles&)>& work) {
    // Freed memory stays in the process, else what was left in it would be gone before it is looked for.
    if (mallopt(M_TRIM_THRESHOLD, 1 << 30) != 1 || mallopt(M_MMAP_THRESHOLD, 1 << 25) != 1) {
        throw std::runtime_error("malloc gives freed memory back");
    }
    Needles needles;
    std::latch done(1);
    std::latch searched(1);
    std::thread worker([&] {
        work(needles);
        done.count_down();
        searched.wait();  // its stack stays, below the place where it stands still
    });
    done.wait();
    auto names = needles.found();
    searched.count_down();
    worker.join();
    return names;
}

}  // namespace wiping
