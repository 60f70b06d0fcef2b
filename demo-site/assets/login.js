// SPDX-License-Identifier: Apache-2.0

// The second step of a login: hands the element its session, and the receipt that it gets to the bank.

import "./countersign/challenge-define.js";

const widget = document.querySelector("countersign-challenge");
const problem = document.getElementById("login-problem");
let again;

/** @returns the answer's body; leaves for the login where this visit has ended */
async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (response.status === 401) location.assign("/login");
  if (!response.ok) throw new Error(`status ${response.status}`);
  return answer;
}

/** Shows the problem in the element's place where it fails; the button then does `retry`. */
async function attempt(run, retry) {
  problem.hidden = true;
  widget.hidden = false;
  try {
    await run();
  } catch {
    again = retry;
    widget.hidden = true;
    problem.hidden = false;
    document.getElementById("login-again").focus();
  }
}

const start = () => attempt(async () => {
  widget.sessionToken = (await post("/login/session")).token;
  widget.focus();
}, start);

// Where the bank could not be reached, the element gets a fresh receipt for another try.
const handOver = () => attempt(async () => {
  const { location: to } = await post("/login/receipt", { receipt: widget.takeReceipt() });
  location.assign(to);
}, () => {
  problem.hidden = true;
  widget.hidden = false;
  return widget.resume();
});

widget.addEventListener("countersign-passed", handOver);
widget.addEventListener("countersign-enrollment-required", () => location.assign("/login"));
document.getElementById("login-again").addEventListener("click", () => again());
start();
