// SPDX-License-Identifier: Apache-2.0
import PostalMime from "postal-mime";

/** A mail as its reader sees it: headers unfolded and decoded, both texts decoded. */
export const readLetter = (mail) => PostalMime.parse(mail.data);
