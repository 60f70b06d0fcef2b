// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"

#include <array>

#include "cli/settings.h"

namespace countersign::cli {
namespace {

std::vector<Command> with_config_flag(std::vector<Command> commands) {
    for (Command& command : commands) {
        if (takes_settings(command)) command.flags.push_back(kConfigFlag);
    }
    return commands;
}

}  // namespace

const std::vector<Command>& all_commands() {
    static const std::vector<Command> commands = with_config_flag({
        totp_generate_command(),  totp_verify_command(),   totp_resync_command(),    hotp_generate_command(),
        hotp_verify_command(),    hotp_resync_command(),   steam_generate_command(), steam_verify_command(),
        uri_build_command(),      uri_parse_command(),     qr_command(),             keygen_command(),
        serve_command(),          clock_confirm_command(), app_key_create_command(), app_key_list_command(),
        app_key_revoke_command(), realm_create_command(),  realm_list_command(),     users_import_command(),
        mail_test_command(),
        users_list_command(),     users_show_command(),    users_delete_command(),
        users_export_command(),
        methods_list_command(),   methods_remove_command(), methods_disable_command(), unlock_command(),
        outbox_list_command(),    outbox_retry_command(),  outbox_drop_command(),
        policy_diff_command(),    audit_export_command(),
        security_code_generate_command(),  security_code_check_command(),
        security_code_stretch_command(),   security_code_digest_command(),
        budget_command(),         standards_command(),
        policy_get_command(),     policy_set_command(),    policy_history_command(),
        backup_code_issue_command(),
        backup_command(),         restore_command(),       keys_rotate_command(),   keys_status_command(),
        audit_list_command(),     audit_verify_command(),  audit_key_command(),
        config_command(),         doctor_command(),        man_command(),
        completion_bash_command(), completion_zsh_command(), completion_fish_command(),
        version_command(),
    });
    return commands;
}

std::span<const CommandGroup> all_command_groups() noexcept {
    static constexpr std::array<CommandGroup, 17> kGroups{{
        {"totp", "Make and check one-time codes"},
        {"hotp", "Make and check one-time codes of a counter"},
        {"steam", "Make and check codes of Steam Guard"},
        {"security-code", "Make, read and stretch security codes"},
        {"uri", "Write and read otpauth:// URIs"},
        {"clock", "Tell a server that its clock is right"},
        {"app-key", "Manage the keys that back ends call the server with"},
        {"audit", "Read and prove the audit log"},
        {"realm", "Manage realms, one for each site"},
        {"users", "List, show, delete and bring in users"},
        {"methods", "List, remove and disable methods of one user"},
        {"outbox", "See and clear mail that does not leave"},
        {"policy", "Read and change what the administrator decides"},
        {"keys", "Replace the master key"},
        {"backup-code", "Let a user in who is locked out"},
        {"mail", "Try out how mail leaves"},
        {"completion", "Print what a shell completes"},
    }};
    return kGroups;
}

}  // namespace countersign::cli
