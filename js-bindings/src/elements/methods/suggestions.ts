// SPDX-License-Identifier: Apache-2.0
// What is worth setting up next, once there is an authenticator (U5): one sentence, from what the site offers.

import type { Methods } from "../shared/session-client.js";
import { isReady, ways } from "./choice-box.js";

/** @returns the sentence, or "" where nothing is left to be set up */
export function suggestion(methods: Methods): string {
  const { alternates, codes } = methods;
  const wanted = alternates ? (alternates.chosen.length > 0 ? alternates.chosen : alternates.offered) : [];
  const missing = wanted.flatMap((each) => ways[each].parts).filter((part) => part.own(methods) && !isReady(part.own(methods)));
  const steps = [...new Set(missing.map(({ name }) => `set up ${name}`))];
  if (codes?.status === "not_configured") steps.push("make security codes");
  const last = steps.pop();
  if (!last) return "";
  return `In case you lose this phone, ${steps.length > 0 ? `${steps.join(", ")} and ${last}` : last} below.`;
}
