// SPDX-License-Identifier: Apache-2.0
#include "qr_segments.h"

#include <algorithm>
#include <limits>

namespace countersign {
namespace {

constexpr std::size_t kModes = 3;
constexpr unsigned kModeBits = 4;

// Three digits take 10 bits and two capitals 11, so costs are counted in sixths of a bit. A run cut short
// takes the next whole bit: 1 and 2 digits take 4 and 7, one capital 6, just as the standard has it.
constexpr std::uint32_t kSixths = 6;
constexpr std::array<std::uint32_t, kModes> kCharacterCost{20, 33, 48};
constexpr std::uint32_t kImpossible = std::numeric_limits<std::uint32_t>::max();

/// The cheapest way to have written the text so far with its last character in each mode.
using Costs = std::array<std::uint32_t, kModes>;

constexpr QrMode mode_at(std::size_t index) { return static_cast<QrMode>(index); }

constexpr std::uint32_t whole_bits(std::uint32_t sixths) {
    return (sixths + kSixths - 1) / kSixths * kSixths;
}

constexpr std::uint32_t head_cost(const QrVersionRange& range, std::size_t mode) {
    return (kModeBits + range.count_bits[mode]) * kSixths;
}

std::size_t cheapest(const Costs& costs) {
    return static_cast<std::size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin());
}

/// Writes one more character in each mode. Returns the modes before it, two bits for each mode.
///
/// To keep only the cheapest way for each mode loses nothing: what follows adds to a cost and rounds it up,
/// and neither turns the order of two costs around.
std::uint8_t append(char character, const QrVersionRange& range, Costs& costs) {
    Costs next{kImpossible, kImpossible, kImpossible};
    unsigned before = 0;
    for (std::size_t to = 0; to < kModes; ++to) {
        if (!qr_mode_holds(mode_at(to), character)) continue;
        for (std::size_t from = 0; from < kModes; ++from) {
            if (costs[from] == kImpossible) continue;
            const std::uint32_t start =
                from == to ? costs[from] : whole_bits(costs[from]) + head_cost(range, to);
            if (start + kCharacterCost[to] >= next[to]) continue;
            next[to] = start + kCharacterCost[to];
            before = (before & ~(3U << (2 * to))) | static_cast<unsigned>(from << (2 * to));
        }
    }
    costs = next;
    return static_cast<std::uint8_t>(before);
}

}  // namespace

bool qr_mode_holds(QrMode mode, char character) noexcept {
    constexpr std::string_view kSigns = " $%*+-./:";
    const bool digit = character >= '0' && character <= '9';
    switch (mode) {
        case QrMode::Numeric: return digit;
        case QrMode::Alphanumeric:
            return digit || (character >= 'A' && character <= 'Z') ||
                   kSigns.find(character) != std::string_view::npos;
        case QrMode::Byte: return true;
    }
    return false;
}

QrSplit split_qr_text(std::string_view text, const QrVersionRange& range) {
    QrSplit split{Secret(text.size()), 0, 1};
    const auto steps = split.modes.writable();  // first the way back, then, over it, the modes
    Costs costs{};
    for (std::size_t mode = 0; mode < kModes; ++mode) costs[mode] = head_cost(range, mode);
    for (std::size_t i = 0; i < text.size(); ++i) steps[i] = append(text[i], range, costs);

    for (std::uint32_t& cost : costs)
        if (cost != kImpossible) cost = whole_bits(cost);
    std::size_t mode = cheapest(costs);
    split.bits = costs[mode] / kSixths;
    for (std::size_t i = text.size(); i-- > 0;) {
        const std::size_t before = (std::size_t{steps[i]} >> (2 * mode)) & 3U;
        steps[i] = static_cast<std::uint8_t>(mode);
        if (i > 0 && before != mode) ++split.segments;
        mode = before;
    }
    return split;
}

}  // namespace countersign
