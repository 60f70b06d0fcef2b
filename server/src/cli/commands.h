// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace countersign::cli {

Command totp_generate_command();
Command totp_verify_command();
Command totp_resync_command();
Command hotp_generate_command();
Command hotp_verify_command();
Command hotp_resync_command();
Command steam_generate_command();
Command steam_verify_command();
Command uri_build_command();
Command uri_parse_command();
Command qr_command();
Command security_code_generate_command();
Command security_code_check_command();
Command security_code_stretch_command();
Command security_code_digest_command();
Command budget_command();
Command standards_command();
Command serve_command();
Command keygen_command();
Command clock_confirm_command();
Command app_key_create_command();
Command app_key_list_command();
Command app_key_revoke_command();
Command audit_list_command();
Command audit_verify_command();
Command audit_key_command();
Command realm_create_command();
Command realm_list_command();
Command users_import_command();
Command users_list_command();
Command users_show_command();
Command users_delete_command();
Command users_export_command();
Command methods_list_command();
Command methods_remove_command();
Command methods_disable_command();
Command unlock_command();
Command outbox_list_command();
Command outbox_retry_command();
Command outbox_drop_command();
Command policy_diff_command();
Command audit_export_command();
Command mail_test_command();
Command backup_code_issue_command();
Command backup_command();
Command restore_command();
Command keys_rotate_command();
Command keys_status_command();
Command policy_get_command();
Command policy_set_command();
Command policy_history_command();
Command config_command();
Command doctor_command();
Command man_command();
Command completion_bash_command();
Command completion_zsh_command();
Command completion_fish_command();
Command version_command();

}  // namespace countersign::cli
