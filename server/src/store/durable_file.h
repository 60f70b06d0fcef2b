// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "app/error.h"

namespace countersign::server {

/// A file that is written in a new directory beside its place, and comes to it when it is whole. Both are deleted when
/// that does not come to be.
///
/// Nobody but this process's user reaches into the directory (mode 0700): what SQLite looks for beside a database, a log
/// to replay above all, is this process's own even where others may make files, in /tmp.
class UnfinishedFile {
  public:
    /// Made here, mode 0600. Errors: `backup.unusable`, also of a directory in which others may replace files:
    /// another user's, or one that others may write to.
    [[nodiscard]] static Answer<UnfinishedFile> beside(const std::string& place);
    /// Deletes what processes that were killed have left in the place's directory; what is another user's, or is
    /// worked on, stays, and so does what `exchange` kept.
    static void remove_leftovers(const std::string& place);
    ~UnfinishedFile();
    UnfinishedFile(UnfinishedFile&& other) noexcept
        : place_(std::move(other.place_)),
          directory_(std::move(other.directory_)),
          path_(std::move(other.path_)),
          held_(std::exchange(other.held_, -1)) {
        other.directory_.clear();
    }
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(UnfinishedFile&&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// On disk first, then in its place, where nothing may stand. Errors: `backup.unusable`.
    [[nodiscard]] Answer<void> finish();
    /// The same; what stands there comes to `aside`, or where there is no way to move it, stays where this one was. One of
    /// both always stands. @return where it is. Errors: `backup.unusable`.
    [[nodiscard]] Answer<std::string> exchange(const std::string& aside);

  private:
    UnfinishedFile(std::string place, std::string directory)
        : place_(std::move(place)), directory_(std::move(directory)), path_(directory_ + "/copy") {}
    [[nodiscard]] Answer<void> move(unsigned flags);
    void remove_directory();

    std::string place_;
    std::string directory_;  ///< empty when there is nothing to delete any more
    std::string path_;
    int held_ = -1;  ///< the directory with a lock on it, which ends with this process at the latest
};

/// Waits until the entries of a file's directory are on disk. Errors: `backup.unusable`.
[[nodiscard]] Answer<void> sync_directory_of(const std::string& file);

}  // namespace countersign::server
