// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/error.h"
#include "app/login_store.h"

namespace countersign::server {

/// What a session is told of a change that was not made.
[[nodiscard]] constexpr ServerErrorCode error_of(ChangeResult result) noexcept {
    switch (result) {
        case ChangeResult::SessionGone: return ServerErrorCode::AuthInvalid;
        case ChangeResult::StepUpRequired: return ServerErrorCode::AuthStepUpRequired;
        case ChangeResult::RecoveryOnly: return ServerErrorCode::AuthRecoveryOnly;
        case ChangeResult::Unknown: return ServerErrorCode::MethodUnknown;
        case ChangeResult::TooMany: return ServerErrorCode::EnrollmentTooMany;
        case ChangeResult::Last: return ServerErrorCode::MethodLast;
        case ChangeResult::NoMethod: return ServerErrorCode::MethodNone;
        case ChangeResult::OnAdministrator: return ServerErrorCode::AdminNotOnAdministrators;
        case ChangeResult::Disabled: return ServerErrorCode::MethodDisabled;
        case ChangeResult::Repeated: return ServerErrorCode::RequestFieldInvalid;
        case ChangeResult::InForce:
        case ChangeResult::PolicyChanged:
        case ChangeResult::Done: break;
    }
    return ServerErrorCode::ServerUnavailable;
}

}  // namespace countersign::server
