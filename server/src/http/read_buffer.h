// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "countersign/secret.h"

namespace countersign::server {

/// Bytes read from a peer and not yet understood: grows to a limit, and wipes what it lets go of, for
/// tokens and codes pass through it.
class ReadBuffer {
  public:
    explicit ReadBuffer(std::size_t limit) : limit_(limit) {}
    ReadBuffer(const ReadBuffer&) = delete;
    ReadBuffer& operator=(const ReadBuffer&) = delete;
    ~ReadBuffer() { wipe_memory(bytes_.data(), bytes_.size()); }

    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    [[nodiscard]] std::string_view data() const noexcept { return {bytes_.data() + begin_, end_ - begin_}; }

    void consume(std::size_t count) noexcept {
        begin_ += std::min(count, end_ - begin_);
        if (begin_ != end_) {
            return;
        }
        wipe_memory(bytes_.data(), end_);
        begin_ = end_ = 0;
    }

    /// Room for more bytes; empty when the limit is reached.
    [[nodiscard]] std::span<char> prepare() {
        if (end_ == bytes_.size()) {
            make_room();
        }
        return {bytes_.data() + end_, bytes_.size() - end_};
    }

    /// `count` bytes of what `prepare` gave have been written.
    void commit(std::size_t count) noexcept { end_ = std::min(end_ + count, bytes_.size()); }

  private:
    static constexpr std::size_t kFirst = 2048;

    void make_room() {
        const std::size_t held = end_ - begin_;
        const std::size_t size = held == bytes_.size() ? std::min(limit_, std::max(kFirst, held * 2)) : bytes_.size();
        std::vector<char> next(size);
        if (held != 0) {
            std::memcpy(next.data(), bytes_.data() + begin_, held);
        }
        wipe_memory(bytes_.data(), bytes_.size());
        bytes_ = std::move(next);
        begin_ = 0;
        end_ = held;
    }

    std::size_t limit_;
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace countersign::server
