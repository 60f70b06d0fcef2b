// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/database.h"

namespace countersign::server {

/// Read connections, one for each thread that reads at a time. Nothing is kept between reads but prepared
/// statements, so there is no cache that could be behind another process (R18).
class ReaderPool {
  public:
    class Lease {
      public:
        Lease(ReaderPool& pool, std::unique_ptr<Database> database)
            : pool_(pool), database_(std::move(database)) {}
        ~Lease() { pool_.give_back(std::move(database_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        [[nodiscard]] Database& operator*() const noexcept { return *database_; }

      private:
        ReaderPool& pool_;
        std::unique_ptr<Database> database_;
    };

    explicit ReaderPool(std::string file) : file_(std::move(file)) {}
    /// Throws SQLite::Exception when a new connection cannot be opened.
    [[nodiscard]] Lease lease();

  private:
    void give_back(std::unique_ptr<Database> database) noexcept;

    std::string file_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Database>> idle_;
};

}  // namespace countersign::server
