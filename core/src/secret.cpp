// SPDX-License-Identifier: Apache-2.0
#include "countersign/secret.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "primitives.h"

namespace countersign {

Secret::Secret(std::size_t size)
    : data_(size == 0 ? nullptr : std::make_unique<std::uint8_t[]>(size)), size_(size) {}

Secret::Secret(SecretView bytes) : Secret(bytes.size()) {
    if (size_ != 0) std::memcpy(data_.get(), bytes.data(), size_);
}

Secret::Secret(std::string_view text) : Secret(text.size()) {
    if (size_ != 0) std::memcpy(data_.get(), text.data(), size_);
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        data_ = std::move(other.data_);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

Secret::~Secret() { wipe(); }

Secret Secret::random(std::size_t size) {
    Secret secret(size);
    fill_random(secret.writable());
    return secret;
}

std::string_view Secret::text() const noexcept {
    if (size_ == 0) return {};
    return {reinterpret_cast<const char*>(data_.get()), size_};
}

void Secret::truncate(std::size_t size) noexcept {
    if (size >= size_) return;
    wipe_memory(data_.get() + size, size_ - size);
    size_ = size;
}

void Secret::wipe() noexcept {
    wipe_memory(data_.get(), size_);
    data_.reset();
    size_ = 0;
}

Secret Secret::clone() const { return Secret(bytes()); }

}  // namespace countersign
