// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/error.h"

namespace countersign::server {

/// A file that is written under another name beside its place, and gets its own when it is whole. Deleted when
/// that does not come to be.
class UnfinishedFile {
  public:
    /// Made here, mode 0600, under a name that nobody had. Errors: `backup.unusable`.
    [[nodiscard]] static Answer<UnfinishedFile> beside(const std::string& place);
    ~UnfinishedFile();
    UnfinishedFile(UnfinishedFile&& other) noexcept : place_(std::move(other.place_)), path_(std::move(other.path_)) {
        other.path_.clear();
    }
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(UnfinishedFile&&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// On disk first, then in its place, where nothing may stand. Errors: `backup.unusable`.
    [[nodiscard]] Answer<void> finish();
    /// The same; what stands there comes under this one's name, which is told, and stays. One of both always stands.
    /// Errors: `backup.unusable`.
    [[nodiscard]] Answer<std::string> exchange();

  private:
    UnfinishedFile(std::string place, std::string path) : place_(std::move(place)), path_(std::move(path)) {}
    [[nodiscard]] Answer<void> move(unsigned flags);

    std::string place_;
    std::string path_;  ///< empty when there is nothing to delete any more
};

/// Waits until the entries of a file's directory are on disk. Errors: `backup.unusable`.
[[nodiscard]] Answer<void> sync_directory_of(const std::string& file);

}  // namespace countersign::server
