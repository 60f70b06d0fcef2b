// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/error.h"
#include "app/store_mark.h"

namespace countersign::server {

/// The file outside the data directory that remembers how far a store had come (R17): `countersign-<id>.guard`, of
/// one store each, so that several may share a master key.
///
/// It proves one thing: that the store has been at this epoch and commit count. A store that shows less was put back. One
/// that shows as much or more may have been put back, too, to a moment after the file was written last.
class GuardFile {
  public:
    /// @param directory  empty: where the master key file is
    GuardFile(const std::string& directory, const std::string& master_key_file, const std::string& store_id);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// What was written last; epoch 0 without a file. Errors: `data.behind_guard` of one that cannot be read.
    [[nodiscard]] Answer<StoreMark> read() const;
    /// In one step, on disk when it returns. @return why it could not be; empty: it is written
    [[nodiscard]] std::string write(const StoreMark& mark) const;
    /// @param mark   of the store, read after `known` where a server may be writing both
    /// @param known  what `read` said
    /// Errors: `data.behind_guard`, with both counts in the detail.
    [[nodiscard]] Answer<void> check(const StoreMark& mark, const StoreMark& known) const;

  private:
    std::string path_;
};

/// Errors: `data.unusable` of a guard directory in the data directory: whoever puts that back, puts both back.
/// @param directory  empty: where the master key file is, which is refused there by itself
[[nodiscard]] Answer<void> refuse_guard_inside(const std::string& directory, const std::string& data_directory);

}  // namespace countersign::server
