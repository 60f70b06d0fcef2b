// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <algorithm>
#include <array>

namespace countersign::cli {
namespace {

using enum SettingKind;
using enum Reload;
using enum Holds;

constexpr Setting kSettings[] = {
    {"--data", "data", "DIR", Text, "", Restart, Plain, "The server's data directory"},
    {"--listen", "listen.address", "ADDR:PORT", Text, "127.0.0.1:4800", Restart, Plain,
     "Where to listen (default 127.0.0.1:4800); port 0 takes a free one"},
    {"--master-key-file", "master_key_file", "FILE", Text, "", Restart, SecretPath,
     "The master key (default: the systemd credential master-key)"},
    {"--previous-master-key-file", "previous_master_key_file", "FILE", Text, "", Restart, SecretPath,
     "The master key before this one, until `keys rotate` has ended"},
    {"--guard-directory", "guard_directory", "DIR", Text, "", Restart, Plain,
     "Where the guard file is kept, outside the data directory (default: beside the master key)"},
    {"--operator-listen", "operator.address", "ADDR:PORT", Text, "", Restart, Plain,
     "Also serve /metrics and the reasons of /readyz, on this address and nowhere else (default: off)"},
    {"--insecure-listen", "listen.insecure", "", Switch, "false", Restart, Plain,
     "Allow plain HTTP on an address beyond this machine"},
    {"--io-threads", "listen.io_threads", "N", Number, "one a core", Restart, Plain,
     "Threads that serve connections, 1 to 64 (default: one a core)"},
    {"--max-connections", "listen.max_connections", "N", Number, "4096", Restart, Plain,
     "Connections open at once; one more gets 503 (default 4096)"},
    {"--max-connections-per-address", "listen.max_connections_per_address", "N", Number, "256", Restart, Plain,
     "The same of one address (default 256); not of trusted proxies (without any: loopback) and proven back ends"},
    {"--max-requests-per-address", "listen.max_requests_per_address", "N", Number, "100", Restart, Plain,
     "Requests with a session's token a second, of one address; beyond ten seconds' worth 503 (default 100)"},
    {"--max-header-bytes", "listen.header_bytes", "N", Number, "8192", Restart, Plain,
     "Longest request line and header, 1024 to 65536 (default 8192)"},
    {"--max-body-bytes", "listen.body_bytes", "N", Number, "16384", Restart, Plain,
     "Longest body, 1024 to 1048576 (default 16384)"},
    {"--request-seconds", "listen.request_seconds", "N", Number, "10", Restart, Plain,
     "From a request's first byte to its last, 1 to 600 (default 10)"},
    {"--idle-seconds", "listen.idle_seconds", "N", Number, "75", Restart, Plain,
     "Between two requests of a connection, 1 to 3600 (default 75)"},
    {"--trusted-proxies", "listen.trusted_proxies", "LIST", List, "", Restart, Plain,
     "Addresses and networks whose X-Forwarded-For and X-Request-Id are believed, with commas"},
    {"--tls-certificate", "listen.tls_certificate", "FILE", Text, "", OnSignal, Plain,
     "Serve TLS: our certificate and those up to the root (PEM)"},
    {"--tls-private-key", "listen.tls_private_key", "FILE", Text, "", OnSignal, SecretPath,
     "Its key (PEM, without pass phrase, not readable by others)"},
    {"--operator-token-file", "operator.token_file", "FILE", Text, "", OnSignal, SecretPath,
     "The operator's listener asks for the token in it; needed beyond loopback"},
    {"--operator-hosts", "operator.hosts", "LIST", List, "", Restart, Plain,
     "Names by which that listener is called, beside localhost and addresses in figures"},
    {"--cache-mib", "store.cache_mib", "N", Number, "64", Restart, Plain,
     "Memory for pages of the store, 1 to 65536 MiB, filled as they are used (default 64)"},
    {"--log-level", "log_level", "LEVEL", Text, "info", OnSignal, Plain,
     "debug, info (default), warning or error; debug has a line a request"},
    {"--audit-file", "audit.file", "FILE", Text, "", Restart, Plain,
     "Append sealed audit records and checkpoints, as lines of JSON; opened anew on SIGHUP"},
    {"--audit-syslog", "audit.syslog", "", Switch, "false", Restart, Plain,
     "Send the same to syslog, facility authpriv"},
    {"--smtp-url", "mail.smtp_url", "URL", Text, "", Restart, Plain,
     "smtp://HOST[:PORT] (STARTTLS required; without TLS to this machine alone) or smtps://HOST[:PORT]"},
    {"--mail-from", "mail.from", "ADDRESS", Text, "", Restart, Plain,
     "Whom mail comes from: address, or \"Name <address>\""},
    {"--smtp-user", "mail.user", "NAME", Text, "", Restart, Plain, "User at the mail server"},
    {"--smtp-password-file", "mail.password_file", "FILE", Text, "", Restart, SecretPath,
     "File with that user's password"},
    {"--smtp-ca-file", "mail.ca_file", "FILE", Text, "", Restart, Plain,
     "Certificates (PEM) to trust instead of the system's"},
    {"--mail-templates", "mail.templates", "DIR", Text, "", Restart, Plain,
     "Folder with texts that replace ours (docs/cli.md names them)"},
};

}  // namespace

std::span<const Setting> all_settings() noexcept { return kSettings; }

const Setting* find_setting(std::string_view flag) noexcept {
    const auto* const found = std::ranges::find(kSettings, flag, &Setting::flag);
    return found == std::end(kSettings) ? nullptr : found;
}

std::string environment_name(const Setting& setting) {
    std::string name = "COUNTERSIGN_";
    for (const char symbol : setting.flag.substr(2)) {
        const bool letter = symbol >= 'a' && symbol <= 'z';
        name += letter ? static_cast<char>(symbol - 'a' + 'A') : '_';
    }
    return name;
}

std::vector<Flag> setting_flags() {
    std::vector<Flag> flags;
    for (const Setting& setting : all_settings()) {
        flags.push_back({setting.flag, setting.value, setting.help, setting.flag == "--data"});
    }
    return flags;
}

bool takes_settings(const Command& command) noexcept {
    return std::ranges::any_of(command.flags, [](const Flag& flag) { return find_setting(flag.name) != nullptr; });
}

}  // namespace countersign::cli
