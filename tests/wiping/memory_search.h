// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "countersign/secret.h"

// After some work is done, is anything of its secrets still in this process's memory: in freed heap, in a
// stack that has been left, in a library's buffers? Eight bytes in a row of any secret are enough to be found.
namespace wiping {

/// What is looked for, kept under a mask from its first byte on, so that the search does not find itself.
class Needles {
  public:
    /// @param bytes  at least 8 random ones, or text made of them
    void add(std::string_view name, countersign::SecretView bytes);
    void add(std::string_view name, std::string_view text);
    /// The names of those of which eight bytes stand somewhere in writable memory, each once.
    [[nodiscard]] std::vector<std::string> found() const;

  private:
    void search(const std::uint8_t* begin, const std::uint8_t* end, std::vector<bool>& seen) const;

    std::vector<std::string> names_;
    std::unordered_map<std::uint64_t, std::size_t> windows_;
    std::vector<bool> maybe_ = std::vector<bool>(1U << 16U);
};

/// Runs `work` on a stack of its own, which stays as the work left it, and searches.
[[nodiscard]] std::vector<std::string> left_behind(const std::function<void(Needles&)>& work);

}  // namespace wiping
