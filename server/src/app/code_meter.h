// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

#include "app/error.h"
#include "app/meter.h"

namespace countersign::server {

/// Counts what becomes of a code, and passes the answer on. A malformed question is no code.
/// @param meter  outlives the reply
/// @tparam T  says in `ok` whether the code was accepted
template <class T>
[[nodiscard]] Reply<T> count_fate(Meter& meter, std::string_view use, Reply<T> reply) {
    return [&meter, use, reply = std::move(reply)](Answer<T> answer) {
        if (answer) meter.code(use, answer->ok ? CodeFate::Accepted : CodeFate::Refused);
        else if (answer.error().code == ServerErrorCode::AdmissionBusy) meter.code(use, CodeFate::Busy);
        else if (answer.error().code == ServerErrorCode::ClockUnreliable ||
                 answer.error().code == ServerErrorCode::ServerUnavailable)
            meter.code(use, CodeFate::Unavailable);
        reply(std::move(answer));
    };
}

}  // namespace countersign::server
