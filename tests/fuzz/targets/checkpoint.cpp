// SPDX-License-Identifier: Apache-2.0
// The line of a signed checkpoint: strict, so what is read is written again byte for byte; and the proof of
// an extension is accepted only for the chain that it makes.
#include "countersign/audit_chain.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <string>
#include <vector>

#include "require.h"

using namespace countersign;

namespace {

constexpr std::int64_t kMaxNumber = (std::int64_t{1} << 53) - 1;

void check_line(std::string_view line) {
    const auto read = parse_checkpoint(line);
    if (!read) {
        require(read.error().code == ErrorCode::AuditCheckpointMalformed, "one kind of refusal");
        return;
    }
    const Checkpoint& checkpoint = read->checkpoint;
    require(checkpoint.epoch >= 1 && checkpoint.epoch <= kMaxNumber, "an epoch from 1");
    require(checkpoint.size >= 1 && checkpoint.size <= kMaxNumber, "a size from 1");
    require(checkpoint.time.value >= 0, "a time from 0");
    require(format_checkpoint(*read) == line, "a checkpoint has one form");
}

/// A chain of records whose hashes are the input's bytes, cut in two; then one byte of the proof is changed.
void check_extension(std::string_view bytes) {
    FuzzedDataProvider input(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    const auto first = input.ConsumeIntegralInRange<std::int64_t>(1, 8);
    const auto more = input.ConsumeIntegralInRange<std::int64_t>(0, 8);
    const auto place = input.ConsumeIntegral<std::uint16_t>();
    Checkpoint previous;
    Checkpoint next;
    std::vector<std::uint8_t> proof;
    for (std::int64_t number = 1; number <= first + more; ++number) {
        ChainHash record{};
        const auto drawn = input.ConsumeBytes<std::uint8_t>(record.size());
        std::copy(drawn.begin(), drawn.end(), record.begin());
        next.head = extend_chain(next.head, number, record);
        next.size = number;
        if (number == first) previous = next;
        if (number > first) proof.insert(proof.end(), record.begin(), record.end());
    }
    const auto sound = verify_extension(previous, next, proof);
    require(sound && *sound == ChainVerdict::Extends, "the records between prove the extension");
    if (proof.empty()) return;
    proof[place % proof.size()] ^= 1;
    const auto forged = verify_extension(previous, next, proof);
    require(forged && *forged == ChainVerdict::Forked, "another record is a fork");
    proof.pop_back();
    require(!verify_extension(previous, next, proof), "a proof has whole hashes, one for each record");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Exact exact(text_of(data, size));
    check_line(exact.text());
    check_extension(exact.text());
    return 0;
}
