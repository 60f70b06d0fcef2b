// SPDX-License-Identifier: Apache-2.0
// The least that a durable verification on SQLite can be: the server's own listener, and behind it one compare-and-set
// on the narrowest row there is, committed in groups before the answers leave. No key, no seed, no hash, no counting,
// no log. What this cannot do, nothing built of the same parts can: bench/durable.mjs sets it beside the server as
// the limit. Not part of the product.
//
//   bare_store FILE USERS     makes FILE with user-0 to user-(USERS - 1), then serves
#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sqlite3.h>

#include "http/listener.h"

namespace {

using namespace countersign::server;

constexpr std::time_t kPeriod = 30;

struct Attempt {
    std::string user;
    Respond respond;
};

class Store {
  public:
    explicit Store(const std::string& file) {
        must(sqlite3_open_v2(file.c_str(), &database_,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr));
        execute("PRAGMA journal_mode=WAL");
        execute("PRAGMA synchronous=FULL");
        execute("PRAGMA cache_size=-65536");
    }
    ~Store() {
        for (sqlite3_stmt* statement : {update_, begin_, commit_}) sqlite3_finalize(statement);
        sqlite3_close(database_);
    }
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    void fill(int users) {
        execute("CREATE TABLE user (id TEXT PRIMARY KEY, last_step INTEGER NOT NULL) STRICT, WITHOUT ROWID; BEGIN");
        sqlite3_stmt* const insert = prepare("INSERT INTO user VALUES ('user-' || ?, 0)");
        for (int index = 0; index < users; ++index) {
            sqlite3_bind_int(insert, 1, index);
            run(insert);
        }
        sqlite3_finalize(insert);
        execute("COMMIT");
        update_ = prepare("UPDATE user SET last_step = ?1 WHERE id = ?2 AND last_step < ?1");
        begin_ = prepare("BEGIN IMMEDIATE");
        commit_ = prepare("COMMIT");
    }
    void begin() { run(begin_); }
    void commit() { run(commit_); }
    bool use(const std::string& user, std::int64_t step) {
        sqlite3_bind_int64(update_, 1, step);
        sqlite3_bind_text(update_, 2, user.data(), static_cast<int>(user.size()), SQLITE_STATIC);
        run(update_);
        return sqlite3_changes(database_) == 1;
    }

  private:
    void must(int result) const {
        if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) throw std::runtime_error(sqlite3_errmsg(database_));
    }
    void execute(const char* sql) { must(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
    sqlite3_stmt* prepare(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        must(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
        return statement;
    }
    void run(sqlite3_stmt* statement) {
        must(sqlite3_step(statement));
        sqlite3_reset(statement);
    }

    sqlite3* database_ = nullptr;
    sqlite3_stmt* update_ = nullptr;
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* commit_ = nullptr;
};

/// What has gathered while the disk was busy becomes one transaction.
class Committer {
  public:
    explicit Committer(Store& store) : store_(store), thread_([this] { loop(); }) {}
    ~Committer() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        gathered_.notify_one();
        thread_.join();
    }
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    void submit(Attempt attempt) {
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(std::move(attempt));
        }
        gathered_.notify_one();
    }

  private:
    void loop() {
        for (;;) {
            std::vector<Attempt> batch;
            {
                std::unique_lock lock(mutex_);
                gathered_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
                if (queue_.empty()) return;
                batch.swap(queue_);
            }
            std::vector<bool> accepted;
            store_.begin();
            for (const Attempt& attempt : batch) accepted.push_back(store_.use(attempt.user, std::time(nullptr) / kPeriod));
            store_.commit();
            for (std::size_t i = 0; i < batch.size(); ++i) {
                HttpResponse response;
                response.body = accepted[i] ? R"({"ok":true})" : R"({"ok":false})";
                batch[i].respond(std::move(response));
            }
        }
    }

    Store& store_;
    std::mutex mutex_;
    std::condition_variable gathered_;
    std::vector<Attempt> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

std::string user_of(std::string_view body) {
    constexpr std::string_view kBefore = R"("user":")";
    const auto at = body.find(kBefore);
    if (at == std::string_view::npos) return {};
    const auto rest = body.substr(at + kBefore.size());
    return std::string(rest.substr(0, rest.find('"')));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: bare_store FILE USERS\n", stderr);
        return 2;
    }
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);

    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    Store store(argv[1]);
    store.fill(std::atoi(argv[2]));
    Committer committer(store);
    ListenerOptions options;
    options.io_threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const auto listener = Listener::start(
        options,
        [&committer](HttpRequest request, Respond respond) {
            committer.submit({user_of(request.body), std::move(respond)});
        },
        [](TransportFault) { return HttpResponse{}; });
    if (!listener) {
        std::fprintf(stderr, "bare_store: %s\n", listener.error().c_str());
        return 1;
    }
    std::fprintf(stderr, "{\"event\":\"server.listening\",\"port\":%d}\n", int{(*listener)->port()});
    int received = 0;
    sigwait(&stop, &received);
    return (*listener)->stop() ? 0 : 1;
}
