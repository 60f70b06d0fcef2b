// SPDX-License-Identifier: Apache-2.0

import { CountersignUnavailable } from "./countersign-client.mjs";

/**
 * Whether the customer came in without the phone the last time, and how many security codes are left; undefined
 * when not. A server that does not answer leaves the count out.
 */
export async function readCodeUsed({ countersign, database }, customer) {
  if (!database.recentSignIns(customer.id, 1)[0]?.without_phone) return undefined;
  try {
    return { remaining: await countersign.countSecurityCodes(customer.countersign_user) };
  } catch (error) {
    if (!(error instanceof CountersignUnavailable)) throw error;
    return {};
  }
}
