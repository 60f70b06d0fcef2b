// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <array>
#include <fstream>
#include <string>

#include "app/email_address.h"
#include "mail/mail_header.h"
#include "mail/mail_template.h"
#include "mail/smtp.h"
#include "temporary_directory.h"

using namespace countersign;
using namespace countersign::server;

TEST_CASE("an address is taken only in its plain form") {
    const auto good = GENERATE(as<std::string>{}, "a@b", "ana.maria+bank@mail.example.org", "o'neil@x-y.example", "A@EXAMPLE.ORG",
                               std::string(64, 'a') + "@b", "a@" + std::string(63, 'b') + ".org");
    CHECK(is_email_address(good));
    const auto bad = GENERATE(as<std::string>{}, "", "@", "a@", "@b", "a", "a@b@c", "a b@c", ".a@b", "a.@b", "a..b@c", "a@-b", "a@b-",
                              "a@b..c", "a@.b", "a@b.", "\"a\"@b", "a@[127.0.0.1]", "a@b\r\nBcc: c@d", "a@b\n", "<a@b>", "a@b,c@d",
                              "\xC3\xA4@b", "a@\xC3\xA4.de", "a(x)@b", std::string("a\0@b", 4));
    CHECK_FALSE(is_email_address(bad));
    CHECK_FALSE(is_email_address(std::string(65, 'a') + "@b"));
    CHECK_FALSE(is_email_address("a@" + std::string(64, 'b')));
    CHECK_FALSE(is_email_address("a@" + std::string(126, 'b') + "." + std::string(127, 'c')));
}

TEST_CASE("an address is masked alike whatever its length, and compared by its domain's lower case") {
    CHECK(mask_email_address("ana@example.org") == "a\u2022\u2022\u2022\u2022@example.org");
    CHECK(mask_email_address("a.very.long.name@example.org") == "a\u2022\u2022\u2022\u2022@example.org");
    CHECK(mask_email_address("a@example.org") == "\u2022\u2022\u2022\u2022@example.org");
    CHECK(canonical_email_address("Ana.B@Example.ORG") == "Ana.B@example.org");
}

TEST_CASE("two spellings in capitals are taken for one mailbox, a dot or a tag for another [R23]") {
    CHECK(is_same_mailbox("ANA@example.org", "ana@Example.ORG"));
    CHECK_FALSE(is_same_mailbox("ana@example.org", "a.na@example.org"));
    CHECK_FALSE(is_same_mailbox("ana@example.org", "ana+x@example.org"));
    CHECK_FALSE(is_same_mailbox("ana@example.org", "ana@example.or"));
}

TEST_CASE("a header's text stays one line, whatever is put into it") {
    CHECK(encode_header_text("Your code") == "Your code");
    CHECK(encode_header_text("x\r\nBcc: eve@example.org") == "x  Bcc: eve@example.org");
    CHECK(encode_header_text("=?UTF-8?B?eA==?=") == "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
    CHECK(encode_header_text("\xC3\x84") == "=?UTF-8?B?w4Q=?=");
    const std::string folded = encode_header_text(std::string(200, 'a') + "\xE6\xB8\xAF");
    for (std::size_t at = 0; at < folded.size();) {
        const std::size_t end = std::min(folded.find("\r\n", at), folded.size());
        CHECK(end - at <= 76);
        at = end + 2;
    }
}

TEST_CASE("a mail's date is that of RFC 5322, at the edges of time too [L20]") {
    CHECK(format_mail_date(UnixSeconds{0}) == "Thu, 01 Jan 1970 00:00:00 +0000");
    CHECK(format_mail_date(UnixSeconds{2147483648}) == "Tue, 19 Jan 2038 03:14:08 +0000");
    CHECK(format_mail_date(UnixSeconds{4294967296}) == "Sun, 07 Feb 2106 06:28:16 +0000");
}

TEST_CASE("mail goes without TLS to this machine alone") {
    const auto security = [](std::string_view url) { return parse_smtp_url(url)->security; };
    CHECK(security("smtp://127.0.0.1:2525") == SmtpSecurity::Plain);
    CHECK(security("smtp://[::1]") == SmtpSecurity::Plain);
    CHECK(security("smtp://localhost") == SmtpSecurity::Plain);
    CHECK(security("smtp://localhost.example.org") == SmtpSecurity::StartTls);
    CHECK(security("smtp://127.0.0.1.example.org") == SmtpSecurity::StartTls);
    CHECK(security("smtps://127.0.0.1") == SmtpSecurity::Tls);
    CHECK(parse_smtp_url("smtp://mail.example.org/")->port == 587);
    CHECK(parse_smtp_url("smtps://mail.example.org")->port == 465);
    CHECK(parse_smtp_url("smtp://[2001:db8::1]:26")->port == 26);
    const auto bad = GENERATE(as<std::string>{}, "", "mail.example.org", "imap://x", "smtp://", "smtp://a b", "smtp://a@b", "smtp://a/b",
                              "smtp://a:", "smtp://a:65536", "smtp://a:-1", "smtp://a:1x", "smtp://[::1", "smtp://a?b", "smtp://a#b");
    CHECK_FALSE(parse_smtp_url(bad));
}

TEST_CASE("every mail's texts are whole, and what a person chose cannot become HTML") {
    const auto templates = MailTemplates::load("");
    REQUIRE(templates);
    const std::array values{MailValue{"issuer", "<b>Bank & Co"},  MailValue{"code", "042137"},     MailValue{"minutes", "10"},
                            MailValue{"time", "1 May, 10:00"},    MailValue{"method", "an app"},   MailValue{"usable_from", "2 May"},
                            MailValue{"remaining", "7"},          MailValue{"until", "3 May"},     MailValue{"failures", "50"}};
    for (std::size_t i = 0; i < kMailKindCount; ++i) {
        const auto kind = static_cast<MailKind>(i);
        const MailTexts texts = templates->fill(kind, values);
        CAPTURE(mail_kind_name(kind));
        CHECK(texts.subject.find("<b>Bank & Co") != std::string::npos);
        CHECK(texts.subject.find("042137") == std::string::npos);
        CHECK(texts.text.text().find("{{") == std::string_view::npos);
        CHECK(texts.html.text().find("{{") == std::string_view::npos);
        CHECK(texts.html.text().find("&lt;b&gt;Bank &amp; Co") != std::string_view::npos);
        CHECK(texts.html.text().find("<b>") == std::string_view::npos);
        CHECK((texts.text.text().find("042137") != std::string_view::npos) == (kind == MailKind::Code));
    }
}

TEST_CASE("what a person chose does not end an attribute of an operator's HTML, in whichever quotes") {
    const TemporaryDirectory folder;
    std::ofstream(folder.path() + "/code.html") << R"(<a title='{{issuer}}'>{{code}}</a><a title="{{issuer}}">x</a>)";
    const auto templates = MailTemplates::load(folder.path());
    REQUIRE(templates);
    const std::array values{MailValue{"issuer", "x' href='http://evil.example' y=\"z"}, MailValue{"code", "042137"}};
    const MailTexts texts = templates->fill(MailKind::Code, values);
    CHECK(texts.html.text().find("' href") == std::string_view::npos);
    CHECK(texts.html.text().find("y=\"z") == std::string_view::npos);
    CHECK(texts.html.text().find("title='x&#39; href=&#39;http://evil.example&#39; y=&quot;z'>042137<") != std::string_view::npos);
}

TEST_CASE("a folder of texts that is not there is told, and not replaced by ours in silence") {
    const TemporaryDirectory folder;
    CHECK(MailTemplates::load(folder.path()));
    const auto missing = MailTemplates::load(folder.path() + "/none");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().ends_with("/none is no folder"));
}
