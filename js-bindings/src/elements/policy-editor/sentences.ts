// SPDX-License-Identifier: Apache-2.0

import type { Troubles } from "../shared/troubles.js";

/** What the element says differently of an administrator's page. */
export const troubles: Troubles = {
  "auth.invalid": {
    title: "Your administrator\u2019s session has ended",
    text: "It lasts 10 minutes. Nothing was changed. Prove again that it is you, then go on.",
  },
  "auth.scope_missing": {
    title: "Not yours to decide",
    text: "Your session does not include the policy. Nothing was changed. Ask who runs this site.",
  },
  "auth.wrong_purpose": {
    title: "Not an administrator\u2019s session",
    text: "This page was given a session for something else. Nothing was changed.",
  },
};

/** Of a policy that was not saved, for the bar. What is drafted is still there. */
export function refusalSentence({ code }: { readonly code: string }): string {
  switch (code) {
    case "auth.invalid":
    case "auth.missing":
      return "Not saved: your administrator\u2019s session has ended. Your changes are still here. Prove again that it is you, then save.";
    case "auth.scope_missing":
      return "Not saved: your session does not include the policy.";
    case "network.unreachable":
      return "The site cannot be reached, so it is not known whether this was saved. Check your connection, then save again.";
    case "element.framed":
      return "Not saved: another site shows this page in a frame.";
    default:
      return "Not saved: the site is busy. Your changes are still here. Try again in a moment.";
  }
}
