// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace countersign {

/// Secret bytes that belong to someone else, borrowed for one call.
using SecretView = std::span<const std::uint8_t>;

/// Bytes that are wiped when they are no longer needed: seeds, codes, and every text made from them.
///
/// Move-only; the moved-from object is empty. There is no `operator<<` and no `==` on purpose: nothing
/// prints one by accident or compares one in variable time.
class Secret {
  public:
    Secret() noexcept = default;
    /// `size` zero bytes, to be filled through `writable()`.
    explicit Secret(std::size_t size);
    /// Copies; the source stays the caller's to wipe.
    explicit Secret(SecretView bytes);
    explicit Secret(std::string_view text);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    /// `size` bytes from the system's random generator.
    [[nodiscard]] static Secret random(std::size_t size);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] SecretView bytes() const noexcept { return {data_.get(), size_}; }
    [[nodiscard]] std::span<std::uint8_t> writable() noexcept { return {data_.get(), size_}; }
    /// The same bytes seen as text; valid while this object lives.
    [[nodiscard]] std::string_view text() const noexcept;
    /// Shortens to `size` bytes (at most the present size) and wipes the rest.
    void truncate(std::size_t size) noexcept;
    /// Wipes and empties.
    void wipe() noexcept;
    /// A second wiped copy, asked for by name.
    [[nodiscard]] Secret clone() const;

  private:
    std::unique_ptr<std::uint8_t[]> data_;
    std::size_t size_ = 0;
};

/// True when both have the same bytes. Time depends on the lengths only.
[[nodiscard]] bool equal_constant_time(SecretView a, SecretView b) noexcept;

/// Wipes memory in a way that the compiler cannot leave out.
void wipe_memory(void* data, std::size_t size) noexcept;

}  // namespace countersign
