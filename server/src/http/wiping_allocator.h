// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>

#include "countersign/secret.h"

namespace countersign::server {

/// Wipes what it takes back: header fields hold tokens.
template <class T>
struct WipingAllocator {
    using value_type = T;

    WipingAllocator() noexcept = default;
    template <class U>
    WipingAllocator(const WipingAllocator<U>&) noexcept {}  // implicit, as the standard asks

    [[nodiscard]] T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T))); }
    void deallocate(T* memory, std::size_t count) noexcept {
        wipe_memory(memory, count * sizeof(T));
        ::operator delete(memory);
    }
    friend bool operator==(WipingAllocator, WipingAllocator) noexcept { return true; }
};

}  // namespace countersign::server
