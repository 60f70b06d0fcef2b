// SPDX-License-Identifier: Apache-2.0
#include "app/import_batch.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "app/refusal.h"

namespace countersign::server {

tl::unexpected<ServerError> refuse_row(std::int64_t line, const std::string& why) {
    return refuse(ServerErrorCode::ImportRowInvalid, "line " + std::to_string(line) + ": " + why);
}

Answer<std::vector<ImportRow>> all_or_none(ImportBatch batch) {
    if (batch.bad.empty()) return std::move(batch.rows);
    std::string why = batch.bad.front().why;
    const std::size_t more = batch.bad.size() - 1;
    if (more > 0) why.append(", and ").append(std::to_string(more)).append(more == 1 ? " more bad row" : " more bad rows");
    return refuse_row(batch.bad.front().line, why);
}

void refuse_repeated_users(ImportBatch& batch) {
    std::unordered_map<std::string, std::int64_t> first;
    std::vector<ImportRow> kept;
    kept.reserve(batch.rows.size());
    for (ImportRow& row : batch.rows) {
        const std::int64_t line = first.try_emplace(row.user, row.line).first->second;
        if (line == row.line) kept.push_back(std::move(row));
        else batch.bad.push_back({row.line, "this user stands in the file twice"});
    }
    batch.rows = std::move(kept);
    std::ranges::stable_sort(batch.bad, {}, &BadRow::line);
}

}  // namespace countersign::server
