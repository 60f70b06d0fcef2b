// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::server {

/// What became of one code that somebody sent.
enum class CodeFate : unsigned char {
    Accepted,
    Refused,      ///< not accepted, whatever the reason
    Busy,         ///< admission (R9b)
    Unavailable,  ///< neither yes nor no: the clock or the store
};

/// Counts what happens, for the operator's metrics. By name of route, use or event and never by user, key or
/// address: labels are bounded and personal data stays out. This one counts nothing; any thread.
class Meter {
  public:
    virtual ~Meter() = default;
    /// @param use  `login`, `enroll`, `elevate`; static storage
    virtual void code(std::string_view /*use*/, CodeFate /*fate*/) noexcept {}
    /// One transaction of the writer's. @param time  from BEGIN until it was on disk
    virtual void commit(std::size_t /*jobs*/, std::chrono::nanoseconds /*time*/) noexcept {}
    virtual void failed_commit() noexcept {}
    /// Rows of the audit log, as they are sealed; `credential.locked` and `credential.disabled` are among them.
    virtual void audited(std::string_view /*event*/, std::int64_t /*count*/) noexcept {}
    /// Records of the audit log, as they are sent elsewhere. @param to  `file` or `syslog`
    virtual void audit_shipped(std::string_view /*to*/, std::int64_t /*count*/) noexcept {}
    /// One try that failed; what was missed is made up for.
    virtual void audit_shipping_failed(std::string_view /*to*/) noexcept {}
    /// @param route  of our own table; `other` for anything else
    virtual void request(std::string_view /*route*/, int /*status*/) noexcept {}
    /// @param time  from a request's last byte until its answer
    virtual void answered(std::chrono::nanoseconds /*time*/) noexcept {}

    /// For those who are given none.
    [[nodiscard]] static Meter& none() noexcept {
        static Meter nothing;
        return nothing;
    }
};

}  // namespace countersign::server
