// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/failure.h"

namespace countersign::cli {

/// A new file of mode 0600 that is there whole or not at all: unless it is kept, it is deleted again.
class NewFile {
  public:
    /// Errors: `cli.file_not_written`, also for one that exists.
    [[nodiscard]] static Checked<NewFile> create(const std::string& path);
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&&) = delete;
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile();

    /// Errors of this and the next: `cli.output_failed`.
    [[nodiscard]] Checked<void> write(std::string_view bytes);
    /// Once it is on disk.
    [[nodiscard]] Checked<void> keep();
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    NewFile(std::string path, int descriptor);
    [[nodiscard]] tl::unexpected<Failure> failed() const;

    std::string path_;
    int descriptor_;
    bool kept_ = false;
};

}  // namespace countersign::cli
