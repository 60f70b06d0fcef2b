// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <memory>
#include <utility>

#include "app/refusal.h"
#include "app/store.h"
#include "store/addresses.h"
#include "store/admin_acts.h"
#include "store/binding.h"
#include "store/challenge_rows.h"
#include "store/code_sets.h"
#include "store/contact_rows.h"
#include "store/decide.h"
#include "store/decide_code.h"
#include "store/decide_mail.h"
#include "store/directory.h"
#include "store/login_rows.h"
#include "store/mail_code_rows.h"
#include "store/outbox_rows.h"
#include "store/policy_rows.h"
#include "store/question_sets.h"
#include "store/reader_pool.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/sealer.h"
#include "store/writer.h"

namespace countersign::server {
namespace {

class SqliteStore final : public Store {
  public:
    SqliteStore(std::unique_ptr<DirectoryLock> lock, std::unique_ptr<Database> database, const std::string& file)
        : lock_(std::move(lock)), readers_(file), database_(std::move(database)) {}
    ~SqliteStore() override { stop_writer(); }

    Answer<bool> match_key(const Digest& key_check) override {
        try {
            return match_key_check(*database_, key_check);
        } catch (const std::exception& error) {
            return refuse(ServerErrorCode::DataStoreFailed, error.what());
        }
    }
    Answer<StoreState> state() override {
        return guarded([](Database& database) { return read_state(database); });
    }
    Answer<std::optional<AppKeyRecord>> find_app_key(const Digest& lookup) override {
        return guarded([&](Database& database) { return server::find_app_key(database, lookup); });
    }
    Answer<bool> has_origin(const std::string& realm, const std::string& app_key, const std::string& origin) override {
        return guarded([&](Database& database) { return server::has_origin(database, realm, app_key, origin); });
    }
    Answer<std::optional<SessionRecord>> find_session(const Digest& lookup) override {
        return guarded([&](Database& database) { return server::find_session(database, lookup); });
    }
    Answer<std::vector<CredentialRecord>> find_credentials(const std::string& realm, const std::string& user,
                                                           const std::string& method) override {
        return guarded(
            [&](Database& database) { return server::find_credentials(database, realm, user, method); });
    }

    Answer<LoginGround> find_login_ground(const std::string& realm, const std::string& user,
                                          const std::string& method) override {
        auto found =
            guarded([&](Database& database) { return server::find_login_ground(database, realm, user, method); });
        if (!found) return tl::unexpected(std::move(found.error()));
        if (!*found) return refuse(ServerErrorCode::RealmUnknown, realm);
        return std::move(**found);
    }
    Answer<PolicyRecord> find_policy(const std::string& realm) override {
        const auto found = guarded([&](Database& database) { return server::find_policy(database, realm); });
        if (!found) return tl::unexpected(found.error());
        if (!*found) return refuse(ServerErrorCode::RealmUnknown, realm);
        return **found;
    }
    Answer<std::int64_t> count_codes(const std::string& realm, const std::string& user, const std::string& credential,
                                     UnixSeconds now) override {
        return guarded([&](Database& database) {
            return count_usable_codes(database, realm, user, credential, now, read_state(database).floor_time);
        });
    }

    void start_writer(CommitClock& clock, Meter& meter) override {
        writer_ = std::make_unique<Writer>(std::move(database_), clock, meter);
    }

    void seal_audit(SealRequest request, Reply<SealReport> reply) override {
        submit<SealReport>(
            {}, {}, {},
            [request = std::move(request)](Database& database, const StoreState& state, CountOnly) {
                return server::seal_audit(database, request, state);
            },
            std::move(reply));
    }
    Answer<AuditBacklog> audit_backlog() override {
        return guarded([](Database& database) { return read_audit_backlog(database); });
    }
    [[nodiscard]] std::size_t queue_length() const override {
        return writer_ == nullptr ? 0 : writer_->queue_length();
    }

    void decide_login(LoginAttempt attempt, Reply<LoginDecision> reply) override {
        std::string method = attempt.method;
        submit_attempt(std::move(attempt), std::move(method), server::decide_login, std::move(reply));
    }
    void decide_confirm(ConfirmAttempt attempt, Reply<ConfirmDecision> reply) override {
        std::string method = attempt.method;
        submit_attempt(std::move(attempt), std::move(method), server::decide_confirm, std::move(reply));
    }
    void decide_security_code(SecurityCodeAttempt attempt, Reply<LoginDecision> reply) override {
        submit_attempt(std::move(attempt), std::string(kSecurityCode), server::decide_security_code, std::move(reply));
    }
    void replace_codes(CodeSetChange change, Reply<ChangeResult> reply) override {
        submit_write(std::move(change), server::replace_codes, std::move(reply));
    }
    Answer<std::optional<QuestionSetRecord>> find_question_set(const std::string& realm,
                                                               const std::string& user) override {
        return guarded([&](Database& database) {
            return server::find_question_set(database, realm, user, read_state(database).floor_time);
        });
    }
    void replace_questions(QuestionSetChange change, Reply<ChangeResult> reply) override {
        submit_write(std::move(change), server::replace_questions, std::move(reply));
    }
    void decide_answers(AnswerAttempt attempt, Reply<LoginDecision> reply) override {
        submit_attempt(std::move(attempt), std::string(kKbaMethod), server::decide_answers, std::move(reply));
    }
    Answer<std::vector<PolicyRecord>> find_policies(const std::string& realm) override {
        return guarded([&](Database& database) { return list_policies(database, realm); });
    }
    Answer<UserDelays> find_delays(const std::string& realm, const std::string& user, UnixSeconds now) override {
        return guarded([&](Database& database) {
            return server::find_delays(database, realm, user, now, read_state(database).floor_time);
        });
    }
    Answer<AuditPage> find_audit_page(std::optional<std::int64_t> after, std::int64_t most) override {
        return guarded([&](Database& database) { return server::find_audit_page(database, after, most); });
    }
    void save_policy(AdminPolicySave save, Reply<AdminOutcome> reply) override {
        std::string method = save.code ? save.code->method : "";
        submit_attempt(std::move(save), std::move(method), server::save_policy, std::move(reply));
    }
    void unlock(AdminUnlock unlock, Reply<ChangeResult> reply) override {
        submit_write(std::move(unlock), server::unlock, std::move(reply));
    }
    void issue_backup_code(AdminCodeIssue issue, Reply<AdminOutcome> reply) override {
        AdminOutcome (*const act)(Database&, const AdminCodeIssue&, UnixSeconds, CountOnly) = server::issue_backup_code;
        std::string method = issue.code.method;
        submit_attempt(std::move(issue), std::move(method), act, std::move(reply));
    }
    void begin_pending(CredentialRecord candidate, Reply<PendingDecision> reply) override {
        submit_write(std::move(candidate), server::begin_pending, std::move(reply));
    }
    void remove_credential(RemoveRequest request, Reply<ChangeResult> reply) override {
        submit_write(std::move(request), server::remove_credential, std::move(reply));
    }

    Answer<std::string> find_alternate_choice(const std::string& realm, const std::string& user) override {
        return guarded([&](Database& database) { return server::find_alternate_choice(database, realm, user); });
    }
    void issue_mail_code(MailCodeIssue issue, Reply<MailCodeIssued> reply) override {
        submit_write(std::move(issue), server::issue_mail_code, std::move(reply));
    }
    void decide_mail_code(MailCodeTry attempt, Reply<LoginDecision> reply) override {
        std::string method = attempt.method;
        submit_attempt(std::move(attempt), std::move(method), server::decide_mail_code, std::move(reply));
    }
    void begin_address(AddressBegin begin, Reply<AddressBegun> reply) override {
        submit_write(std::move(begin), server::begin_address, std::move(reply));
    }
    void confirm_address(AddressConfirm confirm, Reply<AddressConfirmed> reply) override {
        std::string method = confirm.method;
        submit_attempt(std::move(confirm), std::move(method), server::confirm_address, std::move(reply));
    }
    void remove_method(MethodRemoval removal, Reply<ChangeResult> reply) override {
        submit_write(std::move(removal), server::remove_method, std::move(reply));
    }
    void choose_alternates(AlternateChoice choice, Reply<ChangeResult> reply) override {
        submit_write(std::move(choice), server::choose_alternates, std::move(reply));
    }

    Answer<std::optional<ContactRecord>> find_contact(const std::string& realm, const std::string& user) override {
        return guarded([&](Database& database) { return server::find_contact(database, realm, user); });
    }
    Answer<OutboxState> outbox_state() override {
        return guarded([](Database& database) { return read_outbox_state(database); });
    }
    void lease_mail(MailLease lease, Reply<std::optional<OutboxRecord>> reply) override {
        submit<std::optional<OutboxRecord>>(
            {}, {}, {},
            [lease](Database& database, const StoreState&, CountOnly) { return server::lease_mail(database, lease); },
            std::move(reply));
    }
    void finish_mail(MailFinish finish, Reply<bool> reply) override {
        submit<bool>(
            {}, {}, {},
            [finish = std::move(finish)](Database& database, const StoreState&, CountOnly) {
                return server::finish_mail(database, finish);
            },
            std::move(reply));
    }
    void add_session(SessionRecord session, Reply<OpenResult> reply) override {
        submit_write(std::move(session), server::open_session, std::move(reply));
    }
    Answer<std::optional<FoundChallenge>> find_challenge(const std::string& realm, const std::string& user,
                                                         const std::string& challenge,
                                                         const std::string& attempt) override {
        return guarded(
            [&](Database& database) { return server::find_challenge(database, realm, user, challenge, attempt); });
    }
    Answer<FoundCircumstances> find_circumstances(const std::string& realm, const std::string& user,
                                                  UnixSeconds now) override {
        const auto found =
            guarded([&](Database& database) { return server::find_circumstances(database, realm, user, now); });
        if (!found) return tl::unexpected(found.error());
        if (!*found) return refuse(ServerErrorCode::RealmUnknown, realm);
        return **found;
    }
    void issue_receipt(ReceiptIssue issue, Reply<ReceiptResult> reply) override {
        submit_write(std::move(issue), server::issue_receipt, std::move(reply));
    }
    void redeem_receipt(ReceiptUse use, Reply<ReceiptResult> reply) override {
        submit_write(std::move(use), server::redeem_receipt, std::move(reply));
    }

    [[nodiscard]] bool healthy() const override { return writer_ != nullptr && writer_->healthy() && !writer_->disk_failed(); }

    void stop_writer() override {
        if (writer_) writer_->stop();
    }

  private:
    /// A read on a connection of this moment's own.
    template <class Read>
    auto guarded(Read read) -> Answer<decltype(read(std::declval<Database&>()))> {
        try {
            const ReaderPool::Lease lease = readers_.lease();
            return read(*lease);
        } catch (const std::exception& error) {
            return refuse(ServerErrorCode::ServerUnavailable, error.what(), kUnavailableRetrySeconds);
        }
    }

    template <class Result, class Work>
    void submit(std::string realm, std::string user, std::string exclusive, Work work, Reply<Result> reply) {
        writer_->submit(std::make_unique<TypedJob<Result, Work>>(std::move(realm), std::move(user),
                                                                 std::move(exclusive), std::move(work),
                                                                 std::move(reply)));
    }

    /// A change of one user's, in its own savepoint; `write` is told the floor (R17).
    template <class Request, class Result>
    void submit_write(Request request, Result (*write)(Database&, const Request&, UnixSeconds), Reply<Result> reply) {
        std::string realm = request.realm;
        std::string user = request.user;
        submit<Result>(
            std::move(realm), std::move(user), {},
            [request = std::move(request), write](Database& database, const StoreState& state, CountOnly) {
                return write(database, request, state.floor_time);
            },
            std::move(reply));
    }

    /// An attempt at a code: one a batch for each user and method.
    template <class Attempt, class Decision>
    void submit_attempt(Attempt attempt, std::string method,
                        Decision (*decide)(Database&, const Attempt&, UnixSeconds, CountOnly), Reply<Decision> reply) {
        std::string realm = attempt.realm;
        std::string user = attempt.user;
        submit<Decision>(
            std::move(realm), std::move(user), std::move(method),
            [attempt = std::move(attempt), decide](Database& database, const StoreState& state, CountOnly only) {
                return decide(database, attempt, state.floor_time, only);
            },
            std::move(reply));
    }

    std::unique_ptr<DirectoryLock> lock_;  // first in, last out
    ReaderPool readers_;
    std::unique_ptr<Database> database_;   // until the writer takes it
    std::unique_ptr<Writer> writer_;
};

}  // namespace

Answer<std::unique_ptr<Store>> open_store(const std::string& data_directory, int cache_mib) {
    if (auto usable = prepare_directory(data_directory, true); !usable) return tl::unexpected(usable.error());
    auto lock = DirectoryLock::take(data_directory);
    if (!lock) return tl::unexpected(std::move(lock.error()));
    const std::string file = database_file(data_directory);
    try {
        make_private_file(file);
        auto database = std::make_unique<Database>(file, Role::Writer, cache_mib);
        if (auto migrated = migrate(*database); !migrated) return tl::unexpected(migrated.error());
        return std::make_unique<SqliteStore>(std::move(*lock), std::move(database), file);
    } catch (const std::exception& error) {
        return refuse(ServerErrorCode::DataStoreFailed, file + ": " + error.what());
    }
}

}  // namespace countersign::server
