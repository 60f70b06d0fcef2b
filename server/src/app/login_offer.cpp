// SPDX-License-Identifier: Apache-2.0
#include "app/login_offer.h"

namespace countersign::server {
namespace {

constexpr bool held(Holding holding) noexcept { return holding != Holding::None; }

/// The alternates all of whose parts are set up.
AlternateSet ready_alternates(const Holdings& holdings) noexcept {
    AlternateSet ready;
    if (held(holdings.kba)) ready.add(Alternate::Kba);
    if (held(holdings.alternate_email)) ready.add(Alternate::Email);
    if (held(holdings.kba) && held(holdings.alternate_email)) ready.add(Alternate::KbaEmail);
    return ready;
}

}  // namespace

LoginOffer login_offer(const LoginCircumstances& at) noexcept {
    LoginOffer offer;
    offer.totp = at.policy.login_methods.totp && held(at.holdings.totp);
    offer.email = at.policy.login_methods.email && held(at.holdings.email);
    if (offer.enrollment_required() || !at.first_factor) return offer;
    offer.alternates = effective_alternates(at.policy, at.picked) & ready_alternates(at.holdings);
    offer.static_codes = allows_static_codes(at.policy) && held(at.holdings.static_codes);
    offer.backup_code = allows_backup_codes(at.policy) && held(at.holdings.backup_code);
    return offer;
}

}  // namespace countersign::server
