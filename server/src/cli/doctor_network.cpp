// SPDX-License-Identifier: Apache-2.0
// What is reached over the network: the mail server, and a server that runs.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "cli/doctor_checks.h"
#include "cli/mail_flags.h"
#include "http/tls_identity.h"
#include "mail/smtp.h"

namespace countersign::cli {
namespace {

constexpr std::int64_t kSecondsADay = 24 * 60 * 60;
constexpr std::int64_t kRenewalDays = 14;
constexpr int kAnswerSeconds = 3;
constexpr std::size_t kMaxAnswer = 16 * 1024;

/// A connection of a few seconds to an address in figures.
class Connection {
  public:
    explicit Connection(const ListenAddress& address) {
        sockaddr_storage to{};
        socklen_t size = 0;
        auto* four = reinterpret_cast<sockaddr_in*>(&to);
        auto* six = reinterpret_cast<sockaddr_in6*>(&to);
        if (::inet_pton(AF_INET, address.address.c_str(), &four->sin_addr) == 1) {
            four->sin_family = AF_INET;
            four->sin_port = htons(address.port);
            size = sizeof(sockaddr_in);
        } else if (::inet_pton(AF_INET6, address.address.c_str(), &six->sin6_addr) == 1) {
            six->sin6_family = AF_INET6;
            six->sin6_port = htons(address.port);
            size = sizeof(sockaddr_in6);
        } else {
            return;
        }
        fd_ = ::socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const timeval limit{kAnswerSeconds, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);  // connect, too
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        connected_ = fd_ >= 0 && ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), size) == 0;
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] bool connected() const noexcept { return connected_; }

    /// @return what came until the other side closed, a few seconds passed or it was too much
    std::string ask(std::string_view request) {
        std::string answer;
        if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) return answer;
        std::array<char, 2048> part{};
        ssize_t got = 0;
        while (answer.size() < kMaxAnswer && (got = ::recv(fd_, part.data(), part.size(), 0)) > 0) {
            answer.append(part.data(), static_cast<std::size_t>(got));
        }
        return answer;
    }

  private:
    int fd_ = -1;
    bool connected_ = false;
};

/// Without the operator's token: while no server runs, anybody on this machine may listen there, and doctor is run then.
constexpr std::string_view kReadinessRequest = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

void judge_answer(const std::string& answer, const std::string& where, Findings& findings) {
    constexpr std::string_view kVersion = "HTTP/1.1 ";
    const std::string status = answer.starts_with(kVersion) ? answer.substr(kVersion.size(), 3) : "";
    if (status == "200") {
        findings.ok("server", "the server at " + where + " is ready.");
    } else if (status == "503") {
        const std::size_t body = answer.find("\r\n\r\n");
        findings.fail("server", "the server at " + where + " is not ready: " + answer.substr(body + 4, 300));
    } else if (status == "401") {
        findings.ok("server", "the server at " + where + " answers; it tells more to who has the operator's token, which is not sent here.");
    } else {
        findings.fail("server", where + " is no listener of a Countersign server; is another program there?");
    }
}

}  // namespace

void check_mail(const Arguments& arguments, Findings& findings) {
    auto mail = read_mail_plan(arguments);
    if (!mail || !*mail) {
        findings.ok("mail", "no mail is configured, so no method that needs some is offered.");
        return;
    }
    const std::string where = (*mail)->smtp.host + ":" + std::to_string((*mail)->smtp.port);
    const bool with_login = !(*mail)->smtp.user.empty();
    const server::MailResult result = server::try_smtp_login(std::move((*mail)->smtp));
    if (result.outcome == server::MailOutcome::Sent) {
        findings.ok("mail", where + (with_login ? " takes the login; nothing was sent." : " answers; nothing was sent."));
        return;
    }
    const std::string reply = result.reply_code == 0 ? "" : " (reply " + std::to_string(result.reply_code) + ")";
    findings.fail("mail", where + ": " + result.reason + reply + "; `countersign mail test` tries a letter.");
}

void check_certificate(const ServePlan& plan, Findings& findings) {
    if (!plan.listeners.tls) {
        findings.ok("tls", "no certificate is configured: the listener speaks plain HTTP.");
        return;
    }
    const auto identity = server::TlsIdentity::load(*plan.listeners.tls);
    if (!identity) {
        findings.fail("tls", identity.error());
        return;
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t left = (*identity)->valid_until() - std::chrono::duration_cast<std::chrono::seconds>(now).count();
    const std::string days = "the certificate is valid for " + std::to_string(left / kSecondsADay) + " more days";
    if (left < kRenewalDays * kSecondsADay) {
        findings.warn("tls", days + "; renew it and send the server SIGHUP.");
    } else {
        findings.ok("tls", days + ".");
    }
}

void check_running_server(const ServePlan& plan, Findings& findings) {
    if (!plan.operator_listen) {
        findings.ok("server", "not asked: no operator's address is configured (--operator-listen).");
        return;
    }
    const std::string where = plan.operator_listen->address + ":" + std::to_string(plan.operator_listen->port);
    Connection connection(*plan.operator_listen);
    if (!connection.connected()) {
        findings.warn("server", "nobody listens at " + where + "; start the server if it should run.");
        return;
    }
    if (plan.listeners.tls) {
        findings.ok("server", "somebody listens at " + where + " (not asked further: it speaks TLS).");
        return;
    }
    judge_answer(connection.ask(kReadinessRequest), where, findings);
}

}  // namespace countersign::cli
