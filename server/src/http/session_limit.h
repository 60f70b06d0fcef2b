// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace countersign::server {

/// How often one session may ask for a change or try a code: 128 times at once, one every two seconds after, which nobody
/// at a page comes near. Not every such request is counted where it ends: a code without a code's form costs nothing but
/// one of the two places its user has, and what changes and changes back leaves a record each time. Any thread.
///
/// By session and not by user: who has the password alone must not use up what its owner asks for.
class SessionLimit {
  public:
    using Steady = std::chrono::steady_clock;
    static constexpr int kAtOnce = 128;
    static constexpr std::chrono::seconds kEach{2};
    static constexpr std::size_t kMostRemembered = 16 * 1024;  ///< then it begins anew

    /// Counts one request, if it may be carried out. @return after how long to ask again, if not; that is not counted
    [[nodiscard]] std::optional<std::chrono::seconds> refuse(const std::string& session, Steady::time_point now);
    [[nodiscard]] std::size_t remembered() const;

  private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Steady::time_point> whole_at_;  ///< when each has its whole allowance again
};

}  // namespace countersign::server
