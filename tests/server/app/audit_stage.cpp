// SPDX-License-Identifier: Apache-2.0
#include "audit_stage.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <stdexcept>

#include "app/administration.h"
#include "app/master_key.h"
#include "fixed_clock.h"
#include "store/audit.h"
#include "store/schema.h"

using namespace countersign;
using namespace countersign::server;

namespace {

template <class T>
T expect(Answer<T> answer) {
    if (!answer) throw std::runtime_error(std::string(server_error_name(answer.error().code)) + " " + answer.error().detail);
    if constexpr (!std::is_void_v<T>) return std::move(*answer);
}

}  // namespace

AuditStage::AuditStage() : data(directory.file("data")), key_file(directory.file("master.key")) {
    expect(write_master_key(key_file));
    keys = std::make_unique<Keys>(expect(read_master_key(key_file, data)).bytes());
    expect(Administration::open(data, key_file, true, std::make_shared<FixedClock>()));
}

AuditStage::AuditStage(const AuditStage& other)
    : data(directory.file("data")), key_file(directory.file("master.key")), now(other.now), added_(other.added_) {
    std::filesystem::copy(other.data, data, std::filesystem::copy_options::recursive);
    std::filesystem::copy(other.key_file, key_file);
    keys = std::make_unique<Keys>(expect(read_master_key(key_file, data)).bytes());
}

std::string AuditStage::file() const { return data + "/countersign.sqlite"; }

void AuditStage::add_rows(int count) {
    Database database(file(), Role::Writer);
    WriteTransaction transaction(database);
    for (int i = 0; i < count; ++i) {
        const std::string realm = "default";
        const std::string user = "user-" + std::to_string(++added_);
        record_event(database, UnixSeconds{now + added_}, {realm, user, "credential.locked", "totp", "crd_1", "failures=5"});
    }
    transaction.commit();
}

SealRequest AuditStage::request(SecretView seed) const {
    SealRequest request;
    request.sealer = "slr_1";
    request.most = 1000;
    request.sign = true;
    request.signer = [seed = std::make_shared<Secret>(seed)](const Checkpoint& checkpoint) {
        return sign_checkpoint(checkpoint, seed->bytes());
    };
    return request;
}

SealRequest AuditStage::request() const { return request(keys->audit()); }

SealReport AuditStage::seal(const SealRequest& request) {
    Database database(file(), Role::Writer);
    WriteTransaction transaction(database);
    StoreState state = read_state(database);
    state.high_water = UnixSeconds{now};
    SealReport report = seal_audit(database, request, state);
    transaction.commit();
    return report;
}

SealReport AuditStage::seal_and_sign() { return seal(request()); }

AuditReport AuditStage::verify(const std::string& since) const {
    std::optional<SignedCheckpoint> kept;
    if (!since.empty()) kept = parse_checkpoint(since).value();
    return expect(expect(AuditLog::open(data, key_file))->verify(kept));
}

void AuditStage::change(const std::string& sql) { SQLite::Database(file(), SQLite::OPEN_READWRITE, 5000).exec(sql); }

std::int64_t AuditStage::number(const std::string& sql) {
    SQLite::Database outside(file(), SQLite::OPEN_READWRITE, 5000);
    return outside.execAndGet(sql).getInt64();
}
