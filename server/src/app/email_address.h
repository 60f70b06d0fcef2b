// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace countersign::server {

/// True for an address that mail can be sent to and that cannot smuggle anything into a header or an SMTP
/// command: `local@domain`, printable ASCII, local part 1 to 64 bytes of RFC 5321 dot-atom symbols, domain of
/// 1 to 253 bytes in labels of letters, digits and inner dashes. Quoted local parts, address literals and
/// addresses in other scripts are refused (RFC 6531 is not spoken).
[[nodiscard]] bool is_email_address(std::string_view text) noexcept;

/// The same mailbox has the same canonical form: the domain in lower case, the rest as it is (RFC 5321, 2.4).
/// For comparing; mail goes to the address as given. @param address  one that `is_email_address` accepts
[[nodiscard]] std::string canonical_email_address(std::string_view address);

/// What a page may show of it before the owner has proven anything: the first letter, four bullets, the domain. As
/// many bullets for a short name as for a long one, and no letter of a name of one.
[[nodiscard]] std::string mask_email_address(std::string_view address);

/// Whether both may well be one mailbox: no difference but that of ASCII capitals, in the local part too, which few
/// mail servers tell apart. For refusing an alternate equal to the primary (R23).
[[nodiscard]] bool is_same_mailbox(std::string_view one, std::string_view other) noexcept;

}  // namespace countersign::server
