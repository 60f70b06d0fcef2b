// SPDX-License-Identifier: Apache-2.0
#include "mail/smtp.h"

#include <curl/curl.h>

#include <atomic>
#include <mutex>
#include <utility>

#include "mail/mail_header.h"

namespace countersign::server {
namespace {

struct FreeEasy { void operator()(CURL* handle) const { curl_easy_cleanup(handle); } };
struct FreeMime { void operator()(curl_mime* mime) const { curl_mime_free(mime); } };
struct FreeList { void operator()(curl_slist* list) const { curl_slist_free_all(list); } };
using List = std::unique_ptr<curl_slist, FreeList>;
using Mime = std::unique_ptr<curl_mime, FreeMime>;

void append(List& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
}

void add_part(curl_mime* mime, const char* type, std::string_view body) {
    curl_mimepart* part = curl_mime_addpart(mime);
    curl_mime_data(part, body.data(), body.size());
    curl_mime_type(part, type);
    curl_mime_encoder(part, "quoted-printable");
}

/// The body is taken from `mail`; what libcurl copies of it, it frees without wiping (SECURITY.md).
Mime make_body(CURL* handle, const Mail& mail) {
    Mime whole(curl_mime_init(handle));
    curl_mime* alternatives = curl_mime_init(handle);
    add_part(alternatives, "text/plain; charset=utf-8", mail.text.text());
    add_part(alternatives, "text/html; charset=utf-8", mail.html.text());
    curl_mimepart* part = curl_mime_addpart(whole.get());
    curl_mime_subparts(part, alternatives);
    curl_mime_type(part, "multipart/alternative");
    return whole;
}

/// `"Harbor Bank, Inc." `: quoted where it is plain (RFC 5322, 3.2.4), in encoded words otherwise.
std::string display_name(const std::string& name) {
    if (name.empty()) return {};
    std::string encoded = encode_header_text(name);
    if (encoded != name) return encoded + " ";
    std::string quoted = "\"";
    for (const char c : name) quoted.append(c == '"' || c == '\\' ? "\\" : "").append(1, c);
    return quoted + "\" ";
}

/// A reply of 5xx is for good, except to the password: an operator will mend that.
MailOutcome judge(CURLcode code, long reply) {
    if (code == CURLE_OK) return MailOutcome::Sent;
    const bool about_the_mail = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
    return about_the_mail && reply >= 500 && reply < 600 ? MailOutcome::Never : MailOutcome::TryLater;
}

class SmtpMailer final : public Mailer {
  public:
    explicit SmtpMailer(SmtpOptions options) : options_(std::move(options)) {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        handle_.reset(curl_easy_init());
        if (!handle_) throw std::bad_alloc();
        url_ = (options_.security == SmtpSecurity::Tls ? "smtps://" : "smtp://") + options_.host + ":" +
               std::to_string(options_.port);
    }

    MailResult send(const Mail& mail) override {
        CURL* curl = handle_.get();
        curl_easy_reset(curl);  // keeps the connection
        set_connection(curl);
        curl_easy_setopt(curl, CURLOPT_MAIL_FROM, options_.from.c_str());
        List recipients;
        append(recipients, mail.to);
        curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
        const List headers = make_headers(mail);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        const Mime body = make_body(curl, mail);
        curl_easy_setopt(curl, CURLOPT_MIMEPOST, body.get());

        const CURLcode code = curl_easy_perform(curl);
        long reply = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
        curl_easy_setopt(curl, CURLOPT_MIMEPOST, nullptr);
        return {judge(code, reply), static_cast<int>(reply), code == CURLE_OK ? "" : curl_easy_strerror(code),
                code == CURLE_OPERATION_TIMEDOUT};
    }

    void abort() noexcept override { aborted_ = true; }

    MailResult greet() {
        CURL* curl = handle_.get();
        curl_easy_reset(curl);
        set_connection(curl);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "NOOP");
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);  // the reply is not printed
        const CURLcode code = curl_easy_perform(curl);
        long reply = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
        return {code == CURLE_OK ? MailOutcome::Sent : MailOutcome::TryLater, static_cast<int>(reply),
                code == CURLE_OK ? "" : curl_easy_strerror(code)};
    }

  private:
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<SmtpMailer*>(self)->aborted_ ? 1 : 0;
    }

    void set_connection(CURL* curl) {
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
        curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(curl, CURLOPT_PROXY, "");  // no environment variable reroutes codes
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, options_.connect_seconds);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT, options_.total_seconds);
        curl_easy_setopt(curl, CURLOPT_USE_SSL,
                         options_.security == SmtpSecurity::Plain ? CURLUSESSL_NONE : CURLUSESSL_ALL);
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
        if (!options_.ca_file.empty()) {
            curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
            curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
        }
        if (!options_.user.empty()) {
            curl_easy_setopt(curl, CURLOPT_USERNAME, options_.user.c_str());
            const std::string password(options_.password.text());
            curl_easy_setopt(curl, CURLOPT_PASSWORD, password.c_str());
            wipe_memory(const_cast<char*>(password.data()), password.size());
        }
    }

    List make_headers(const Mail& mail) const {
        const std::string domain = options_.from.substr(options_.from.find('@') + 1);
        List headers;
        append(headers, "Date: " + format_mail_date(mail.now));
        append(headers, "From: " + display_name(options_.from_name) + "<" + options_.from + ">");
        append(headers, "To: <" + mail.to + ">");
        append(headers, "Subject: " + encode_header_text(mail.subject));
        append(headers, "Message-ID: <" + mail.id + "@" + domain + ">");
        append(headers, "Auto-Submitted: auto-generated");  // RFC 3834: no answer by a machine
        return headers;
    }

    SmtpOptions options_;
    std::string url_;
    std::atomic<bool> aborted_{false};
    std::unique_ptr<CURL, FreeEasy> handle_;
};

}  // namespace

std::unique_ptr<Mailer> make_smtp_mailer(SmtpOptions options) {
    return std::make_unique<SmtpMailer>(std::move(options));
}

MailResult try_smtp_login(SmtpOptions options) { return SmtpMailer(std::move(options)).greet(); }

}  // namespace countersign::server
