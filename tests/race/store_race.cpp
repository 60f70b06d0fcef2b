// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "../server/app/temporary_directory.h"
#include "store/challenge_rows.h"
#include "store/database.h"
#include "store/code_sets.h"
#include "store/decide.h"
#include "store/decide_code.h"
#include "store/directory.h"
#include "store/rows.h"
#include "store/schema.h"

// Two processes, each with 32 threads and a connection a thread, send the deciding statement for one user at
// the same moment: no gate, no queue, no writer between them.

using namespace countersign;
using namespace countersign::server;

namespace {

constexpr int kThreads = 32;  // in each of the two processes
constexpr int kMaxRounds = 1000;
constexpr UnixSeconds kNow{1'800'000'000};

/// What both processes see.
struct Shared {
    pthread_barrier_t together;
    std::array<std::atomic<int>, kMaxRounds> accepted;
    std::array<std::atomic<int>, kMaxRounds> answered;
    std::atomic<int> failed;
};

Shared* share() {
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    auto* shared = new (memory) Shared{};
    pthread_barrierattr_t attributes;
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&shared->together, &attributes, 2 * kThreads);
    return shared;
}

std::string numbered(std::string name, int round) { return name.append(std::to_string(round)); }
std::string user_of(int round) { return numbered("user", round); }
std::string credential_of(int round) { return numbered("crd_", round); }

void make_users(const std::string& file, int rounds) {
    Database database(file, Role::Writer);
    REQUIRE(migrate(database));
    WriteTransaction transaction(database);
    for (int round = 0; round < rounds; ++round) {
        CredentialRecord row;
        row.realm = std::string("default");
        row.user = user_of(round);
        row.id = credential_of(round);
        row.method = std::string("totp");
        row.status = CredentialStatus::Active;
        row.key_id = std::string(16, '0');
        row.sealed = {1};
        insert_credential(database, row);
    }
    transaction.commit();
}

void race(const std::string& file, Shared& shared, int rounds, Outcome outcome) {
    Database database(file, Role::Writer);
    for (int round = 0; round < rounds; ++round) {
        const auto at = static_cast<std::size_t>(round);
        const LoginAttempt attempt{"default", user_of(round), "totp", true, kNow,
                                   {{credential_of(round), outcome, TimeStep{60'000'000}}}};
        pthread_barrier_wait(&shared.together);
        try {
            WriteTransaction transaction(database);
            const LoginDecision decision = decide_login(database, attempt, UnixSeconds{-86400});
            transaction.commit();
            shared.accepted[at] += decision.accepted ? 1 : 0;
            ++shared.answered[at];
        } catch (const SQLite::Exception&) {
            ++shared.failed;
        }
    }
}

/// The same with a backup code, at the statements on security codes.
void race_codes(const std::string& file, Shared& shared, int rounds) {
    Database database(file, Role::Writer);
    for (int round = 0; round < rounds; ++round) {
        const auto at = static_cast<std::size_t>(round);
        const SecurityCodeAttempt attempt{"default", user_of(round), "hidden", kNow, Digest{1}, 0, {true, true}, {}};
        pthread_barrier_wait(&shared.together);
        try {
            WriteTransaction transaction(database);
            const LoginDecision decision = decide_security_code(database, attempt, UnixSeconds{-86400});
            transaction.commit();
            shared.accepted[at] += decision.accepted ? 1 : 0;
            ++shared.answered[at];
        } catch (const SQLite::Exception&) {
            ++shared.failed;
        }
    }
}

/// Many right codes of one user, each of another step, for one challenge at one stage.
void race_challenge(const std::string& file, Shared& shared, int rounds, std::atomic<int>& turn) {
    Database database(file, Role::Writer);
    const int mine = ++turn;
    for (int round = 0; round < rounds; ++round) {
        const auto at = static_cast<std::size_t>(round);
        ChallengeToAdvance to;
        to.user = user_of(round);
        to.id = numbered("chl_", round);
        to.attempt = numbered("attempt_", static_cast<int>(::getpid())).append(numbered("_", mine));
        to.expires_at = UnixSeconds{kNow.value + 600};
        to.next[static_cast<std::size_t>(Proof::Totp)] = NextStage{1, true, false, false};
        const LoginAttempt attempt{"default", user_of(round), "totp", true, kNow,
                                   {{credential_of(round), Outcome::Accepted, TimeStep{60'000'000 + mine}}}, to};
        pthread_barrier_wait(&shared.together);
        try {
            WriteTransaction transaction(database);
            const LoginDecision decision = decide_login(database, attempt, UnixSeconds{-86400});
            transaction.commit();
            shared.accepted[at] += decision.accepted ? 1 : 0;
            shared.answered[at] += decision.accepted || decision.judge_again ? 1 : 0;
        } catch (const SQLite::Exception&) {
            ++shared.failed;
        }
    }
}

void open_challenges(const std::string& file, int rounds) {
    Database database(file, Role::Writer);
    WriteTransaction transaction(database);
    database.execute("INSERT INTO app_key (realm, app_key, name, lookup, binding, created_at) "
                     "VALUES ('default', 'app_race', 'race', x'00', x'00', 0)");
    for (int round = 0; round < rounds; ++round) {
        SessionRecord session;
        session.realm = "default";
        session.user = user_of(round);
        session.id = numbered("ses_", round);
        session.purpose = "challenge";
        session.app_key = "app_race";
        session.lookup = Digest{static_cast<std::uint8_t>(round), static_cast<std::uint8_t>(round >> 8)};
        session.created_at = kNow;
        session.expires_at = UnixSeconds{kNow.value + 600};
        session.opens.emplace();
        session.opens->realm = session.realm;
        session.opens->user = session.user;
        session.opens->id = numbered("chl_", round);
        session.opens->created_at = kNow;
        session.opens->expires_at = session.expires_at;
        REQUIRE(open_session(database, session, UnixSeconds{-86400}) == OpenResult::Done);
    }
    transaction.commit();
}

void issue_codes(const std::string& file, int rounds) {
    Database database(file, Role::Writer);
    WriteTransaction transaction(database);
    for (int round = 0; round < rounds; ++round) {
        const BackupCodeIssue issue{"default", user_of(round), numbered("crd_backup", round), "0", kNow,
                                    UnixSeconds{kNow.value + 3600}, 0, Digest{1}, "test", "race"};
        REQUIRE(issue_backup_code(database, issue) == ChangeResult::Done);
    }
    transaction.commit();
}

template <class Race>
void run_threads(Race race_once) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) threads.emplace_back(race_once);
    for (std::thread& thread : threads) thread.join();
}

/// Both processes through all rounds; no connection and no thread is open while it forks.
template <class Race>
void run_two_processes(Shared& shared, Race race_once) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        run_threads(race_once);
        ::_exit(0);
    }
    run_threads(race_once);
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(shared.failed == 0);
}

int rounds_wanted() {
    const char* text = std::getenv("COUNTERSIGN_RACE_ROUNDS");
    const int rounds = text == nullptr ? 100 : std::atoi(text);
    REQUIRE((rounds > 0 && rounds <= kMaxRounds));
    return rounds;
}

std::int64_t number(const std::string& file, const std::string& sql) {
    return SQLite::Database(file).execAndGet(sql).getInt64();
}

}  // namespace

TEST_CASE("64 at once from two processes straight to the statement: exactly one accepted each round [R9] [R18] [L1]") {
    const TemporaryDirectory directory;
    const std::string file = database_file(directory.path());
    const int rounds = rounds_wanted();
    make_users(file, rounds);
    Shared* shared = share();
    run_two_processes(*shared, [&] { race(file, *shared, rounds, Outcome::Accepted); });
    int accepted = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto at = static_cast<std::size_t>(round);
        CHECK(shared->accepted[at] == 1);
        CHECK(shared->answered[at] == 2 * kThreads);
        accepted += shared->accepted[at];
    }
    CHECK(number(file, "SELECT sum(successes) FROM credential") == rounds);
    CHECK(number(file, "SELECT sum(failures) FROM credential") == 0);
    std::printf("one code, 64 at once, two processes: %d rounds, %d accepted\n", rounds, accepted);
    ::munmap(shared, sizeof(Shared));
}

TEST_CASE("64 wrong codes at once from two processes: five are counted, then the pause holds [R9] [R18] [L3]") {
    const TemporaryDirectory directory;
    const std::string file = database_file(directory.path());
    const int rounds = std::min(rounds_wanted(), 20);
    make_users(file, rounds);
    Shared* shared = share();
    run_two_processes(*shared, [&] { race(file, *shared, rounds, Outcome::Rejected); });
    CHECK(number(file, "SELECT min(failures) FROM credential") == 5);
    CHECK(number(file, "SELECT max(failures) FROM credential") == 5);
    CHECK(number(file, "SELECT count(*) FROM credential WHERE not_before <> 1800000030") == 0);
    CHECK(number(file, "SELECT count(*) FROM audit WHERE event = 'credential.locked'") == rounds);
    ::munmap(shared, sizeof(Shared));
}

TEST_CASE("one security code, 64 at once from two processes straight to the statements: one accepted each round [R8] [R9] [L2]") {
    const TemporaryDirectory directory;
    const std::string file = database_file(directory.path());
    const int rounds = rounds_wanted();
    make_users(file, rounds);
    issue_codes(file, rounds);
    Shared* shared = share();
    run_two_processes(*shared, [&] { race_codes(file, *shared, rounds); });
    for (int round = 0; round < rounds; ++round) {
        CHECK(shared->accepted[static_cast<std::size_t>(round)] == 1);
        CHECK(shared->answered[static_cast<std::size_t>(round)] == 2 * kThreads);
    }
    CHECK(number(file, "SELECT count(*) FROM security_code WHERE used_at IS NOT NULL") == rounds);
    CHECK(number(file, "SELECT sum(successes) FROM credential") == rounds);
    ::munmap(shared, sizeof(Shared));
}

TEST_CASE("64 right codes at once from two processes for one challenge: one makes the step, and no other is spent [R11] [L18] [U6]") {
    const TemporaryDirectory directory;
    const std::string file = database_file(directory.path());
    const int rounds = std::min(rounds_wanted(), 50);
    make_users(file, rounds);
    open_challenges(file, rounds);
    Shared* shared = share();
    std::atomic<int> turn{0};
    run_two_processes(*shared, [&] { race_challenge(file, *shared, rounds, turn); });
    for (int round = 0; round < rounds; ++round) {
        CHECK(shared->accepted[static_cast<std::size_t>(round)] == 1);
        CHECK(shared->answered[static_cast<std::size_t>(round)] == 2 * kThreads);
    }
    CHECK(number(file, "SELECT sum(successes) FROM credential") == rounds);
    CHECK(number(file, "SELECT count(*) FROM challenge WHERE stage = 1 AND passed_at IS NOT NULL") == rounds);
    CHECK(number(file, "SELECT count(*) FROM challenge_attempt") == rounds);
    ::munmap(shared, sizeof(Shared));
}
