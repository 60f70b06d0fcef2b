// SPDX-License-Identifier: Apache-2.0

// Has somebody of the staff prove who it is: the challenge's element does the asking, the bank redeems the receipt.

import "./countersign/challenge-define.js";

const refusals = {
  fallback: "A fallback does not open the administration. Use your authenticator app; if it is lost, set up a new one as a customer first.",
  recovery: "Your authenticator app was set up by a fallback. It opens the administration when the policy\u2019s hold is over, 24 hours as a rule.",
  not_accepted: "That was not taken. Start again with a new code.",
  lost: "Your account has a second factor that cannot be found any more. Ask who runs the server.",
  unavailable: "The second-factor server cannot be asked right now. Nothing has changed. Try again in a minute.",
};

const problem = document.getElementById("proof-problem");

function say(text) {
  problem.textContent = text;
  problem.hidden = text === "";
}

/** A POST to the bank; 401 leads to the sign-in. @returns status and body */
export async function post(path, body = {}) {
  const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const answer = { status: response.status, body: await response.json().catch(() => ({})) };
  if (answer.status === 401) location.assign("/admin/login");
  return answer;
}

const passed = (element) => new Promise((resolve) => element.addEventListener("countersign-passed", resolve, { once: true }));

/**
 * @param {HTMLElement} element - `<countersign-challenge>`
 * @returns whether it is proven; undefined when a second factor has to be set up first
 */
async function proveOnce(element) {
  const opened = await post("/admin/challenge");
  if (opened.body.state === "enrollment_required") return undefined;
  if (opened.status !== 201) {
    say(opened.body.lost ? refusals.lost : refusals.unavailable);
    return false;
  }
  const done = passed(element);
  element.sessionToken = opened.body.token;
  element.focus();
  await done;
  const answer = await post("/admin/proof", { receipt: element.takeReceipt() ?? "" });
  say(answer.status === 200 ? "" : (refusals[answer.body.refused] ?? refusals.unavailable));
  return answer.status === 200;
}

/** Asks until it is proven. @returns false when it cannot be: the page says why */
export async function prove(element) {
  for (let tries = 0; tries < 20; tries += 1) {
    const proven = await proveOnce(element);
    if (proven === undefined) location.assign("/admin/login/set-up");
    if (proven !== false) return proven === true;
    if ([refusals.recovery, refusals.lost, refusals.unavailable].includes(problem.textContent)) return false;
  }
  return false;
}
