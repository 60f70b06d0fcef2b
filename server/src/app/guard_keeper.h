// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "app/guard_file.h"
#include "app/key_store.h"
#include "app/log.h"

namespace countersign::server {

/// Writes a running server's guard file (R17): at the start, behind a commit of its own, then every ten seconds in which
/// something was committed, and at the end. So a copy from before the start is found out whenever it is put back; one
/// that was made while the server ran, when it lacks a commit of before the last writing.
///
/// A file of a later epoch is left as it is: another copy of the store was restored and served.
///
/// Only what has been committed to disk is written, by a thread of its own: no request waits for it, and a power cut
/// leaves no store behind its guard.
class GuardKeeper {
  public:
    GuardKeeper(GuardFile file, std::unique_ptr<KeyStore> store, std::shared_ptr<Log> log);
    ~GuardKeeper();
    /// After the last commit.
    void stop();

  private:
    void loop();
    void write(const Answer<StoreMark>& mark);
    void tell(const std::string& why);

    GuardFile file_;
    std::unique_ptr<KeyStore> store_;
    std::shared_ptr<Log> log_;
    StoreMark written_;
    std::string told_;

    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace countersign::server
