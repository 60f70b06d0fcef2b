// SPDX-License-Identifier: Apache-2.0
#include "app/key_unlock.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "app/guard_file.h"
#include "app/master_key.h"
#include "app/refusal.h"
#include "app/seed_box.h"

namespace countersign::server {
namespace {

constexpr std::string_view kToken = "token";
constexpr std::string_view kSalt = "salt";
constexpr std::string_view kPepper = "pepper";
constexpr std::string_view kAuditPrefix = "audit.";

tl::unexpected<ServerError> mismatch(const std::string& file) {
    return refuse(ServerErrorCode::MasterKeyMismatch, file);
}

bool is_check(const KeyRing& ring, const Keys& keys) {
    return ring.check && equal_constant_time(*ring.check, keys.check());
}

/// `audit.<records>.<key id>`: how far the key signed stands in the name, which is sealed with it.
std::optional<EarlierAuditKey> earlier_audit_key(const KeptKey& kept, const Secret& content) {
    EarlierAuditKey earlier;
    const char* const digits = kept.name.data() + kAuditPrefix.size();
    const auto [end, error] = std::from_chars(digits, kept.name.data() + kept.name.size(), earlier.up_to);
    if (error != std::errc() || content.size() != earlier.key.size()) return std::nullopt;
    std::ranges::copy(content.bytes(), earlier.key.begin());
    return earlier;
}

/// Opens what earlier rotations kept. False when it is not all there, whole and sealed under this key.
bool adopt(Keys& keys, const KeyRing& ring) {
    if (ring.kept.empty()) return ring.retired.empty() && ring.previous.empty();
    std::optional<Secret> token;
    std::optional<Secret> salt;
    std::optional<Secret> pepper;
    for (const KeptKey& kept : ring.kept) {
        auto content = open_kept(keys, kept.name, kept.sealed);
        if (!content) return false;
        if (kept.name.starts_with(kAuditPrefix)) {
            const auto earlier = earlier_audit_key(kept, *content);
            if (!earlier) return false;
            keys.add_earlier_audit_key(*earlier);
        } else if (kept.name == kToken) {
            token = std::move(content);
        } else if (kept.name == kSalt) {
            salt = std::move(content);
        } else if (kept.name == kPepper) {
            pepper = std::move(content);
        }
    }
    if (!token || !salt || !pepper) return false;
    keys.keep_hashing_with(std::move(*token), std::move(*salt), std::move(*pepper));
    return true;
}

Answer<Keys> read_keys(const std::string& file, const std::string& data_directory) {
    const auto master = read_master_key(file, data_directory);
    if (!master) return tl::unexpected(master.error());
    return Keys(master->bytes());
}

Answer<KeyIntroduction> plan_introduction(const Keys& keys, const Keys& previous, const KeyRing& ring, UnixSeconds now) {
    KeyIntroduction plan{previous.check(), keys.check(), previous.id(), keys.id(), {}, now};
    const auto keep = [&](std::string name, SecretView content) {
        auto sealed = seal_kept(keys, name, content);
        plan.kept.push_back({std::move(name), std::move(sealed)});
    };
    const auto keep_audit_key = [&](const EarlierAuditKey& earlier, const std::string& id) {
        std::string name(kAuditPrefix);
        name.append(std::to_string(earlier.up_to)).append(".").append(id);
        keep(std::move(name), earlier.key);
    };
    keep(std::string(kToken), previous.token());
    keep(std::string(kSalt), previous.salt());
    keep(std::string(kPepper), previous.pepper());
    int number = 0;  // keeps the names apart
    for (const EarlierAuditKey& earlier : previous.earlier_audit_keys()) {
        keep_audit_key(earlier, std::to_string(++number));
    }
    const auto signing = audit_public_key(previous.audit());
    if (!signing) return refuse(ServerErrorCode::DataStoreFailed, "the key of the audit log");
    keep_audit_key({*signing, ring.audit_size}, previous.id());
    return plan;
}

/// One unlocking, step by step.
class Unlock {
  public:
    Unlock(const KeyFiles& files, KeyUse use, KeyStore& store, UnixSeconds now)
        : files_(files), use_(use), store_(store), now_(now) {}

    Answer<Keys> run() {
        auto keys = read_keys(files_.master_key_file, files_.data_directory);
        if (!keys) return keys;
        if (auto apart = refuse_guard_inside(files_.guard_directory, files_.data_directory); !apart) {
            return tl::unexpected(std::move(apart.error()));
        }
        if (auto read = read_previous(*keys); !read) return tl::unexpected(std::move(read.error()));
        if (auto read = read_ring(); !read) return tl::unexpected(std::move(read.error()));
        if (auto guarded = check_guard(); !guarded) return tl::unexpected(std::move(guarded.error()));
        if (auto settled = settle(*keys); !settled) return tl::unexpected(std::move(settled.error()));
        if (!adopt(*keys, ring_)) return refuse(ServerErrorCode::DataStoreFailed, "a key that was kept does not open");
        if (auto joined = join_previous(*keys); !joined) return tl::unexpected(std::move(joined.error()));
        return keys;
    }

  private:
    Answer<void> read_previous(const Keys& keys) {
        if (files_.previous_master_key_file.empty()) return {};
        auto previous = read_keys(files_.previous_master_key_file, files_.data_directory);
        if (!previous) return tl::unexpected(std::move(previous.error()));
        if (previous->id() == keys.id()) {
            return refuse(ServerErrorCode::MasterKeyUnusable, files_.previous_master_key_file + ": is the same key as the new one");
        }
        previous_ = std::move(*previous);
        return {};
    }

    Answer<void> read_ring() {
        auto ring = store_.ring();
        if (!ring) return tl::unexpected(std::move(ring.error()));
        ring_ = std::move(*ring);
        return {};
    }

    Answer<void> check_guard() const {
        if (use_ == KeyUse::Read) return {};  // what was put back may be looked at
        const GuardFile guard(files_.guard_directory, files_.master_key_file, ring_.mark.id);
        const auto known = guard.read();
        if (!known) return tl::unexpected(known.error());
        const auto mark = store_.mark();  // after it: a server beside may have come further and written so meanwhile
        if (!mark) return tl::unexpected(mark.error());
        return guard.check(*mark, *known);
    }

    /// After it the key given is the store's current one, or it was refused.
    Answer<void> settle(const Keys& keys) {
        const bool mine = ring_.check ? is_check(ring_, keys) : use_ != KeyUse::Read;
        if (!mine) return introduce(keys);
        if (!ring_.current.empty() || use_ == KeyUse::Read) return {};
        if (auto remembered = store_.remember(keys.check(), keys.id(), now_); !remembered) return remembered;
        if (auto read = read_ring(); !read) return read;
        if (!is_check(ring_, keys)) return mismatch(files_.master_key_file);
        return {};
    }

    Answer<void> introduce(const Keys& keys) {
        const bool may = use_ == KeyUse::Serve || use_ == KeyUse::Rotate;
        if (!may || !previous_ || !is_check(ring_, *previous_)) return mismatch(files_.master_key_file);
        if (!ring_.previous.empty()) {
            return refuse(ServerErrorCode::MasterKeyPreviousNeeded, "an earlier rotation has to end before the next one");
        }
        std::unique_ptr<ServerAway> away;
        if (use_ == KeyUse::Rotate) {
            auto held = ServerAway::hold(files_.data_directory);
            if (!held) return tl::unexpected(std::move(held.error()));
            away = std::move(*held);
        }
        if (!adopt(*previous_, ring_)) return refuse(ServerErrorCode::DataStoreFailed, "a key that was kept does not open");
        const auto plan = plan_introduction(keys, *previous_, ring_, now_);
        if (!plan) return tl::unexpected(plan.error());
        const auto introduced = store_.introduce(*plan);
        if (!introduced) return tl::unexpected(introduced.error());
        if (auto read = read_ring(); !read) return read;
        if (!is_check(ring_, keys)) return mismatch(files_.master_key_file);
        return {};
    }

    Answer<void> join_previous(Keys& keys) {
        if (!previous_) {
            if (ring_.previous.empty() || use_ == KeyUse::Beside || use_ == KeyUse::Read) return {};
            return refuse(ServerErrorCode::MasterKeyPreviousNeeded, "rows may still be sealed under key " + ring_.previous);
        }
        if (previous_->id() == ring_.previous) {
            keys.set_previous(std::move(*previous_));
            return {};
        }
        const bool done = ring_.previous.empty() && std::ranges::find(ring_.retired, previous_->id()) != ring_.retired.end();
        return done ? Answer<void>{} : mismatch(files_.previous_master_key_file);
    }

    const KeyFiles& files_;
    KeyUse use_;
    KeyStore& store_;
    UnixSeconds now_;
    std::optional<Keys> previous_;
    KeyRing ring_;
};

}  // namespace

Answer<Keys> unlock_keys(const KeyFiles& files, KeyUse use, KeyStore& store, UnixSeconds now) {
    return Unlock(files, use, store, now).run();
}

Answer<Keys> unlock_keys(const KeyFiles& files, KeyUse use, UnixSeconds now) {
    const auto store = open_key_store(files.data_directory);
    if (!store) return tl::unexpected(store.error());
    return unlock_keys(files, use, **store, now);
}

}  // namespace countersign::server
