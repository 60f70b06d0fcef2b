// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";
import { notice } from "./layout.mjs";

const left = (remaining) =>
  remaining === undefined ? "" : remaining === 0 ? " You have no security codes left." : ` ${remaining} of your security codes ${remaining === 1 ? "is" : "are"} left.`;

/**
 * What somebody is told who came in by what stands in for the second factor.
 *
 * @param {number} [remaining] - of the customer's own set; undefined where there is none, or it is not known
 * @param {boolean} [here] - whether this is the security page itself
 */
export function codeUsedNotice({ remaining, here = false }) {
  const place = here ? "below" : html`under <a href="/security">Security</a>`;
  return notice("warn", html`You signed in without your phone.${left(remaining)} Is the phone lost? Set up the new one ${place}:
    choose Reconfigure. In the 10 minutes after your login nothing more is asked for that.`);
}
