// SPDX-License-Identifier: Apache-2.0

// The security page: hands the widget its session, and tells the bank when a second factor was set up or removed.

import "./countersign/methods-define.js";

const widget = document.querySelector("countersign-methods");
const problem = document.getElementById("methods-problem");

async function openSession() {
  const response = await fetch("/security/session", { method: "POST" });
  if (response.status === 401) location.assign("/login");
  if (response.status !== 201) throw new Error("no session");
  return response.json();
}

async function start() {
  problem.hidden = true;
  try {
    const { token, user } = await openSession();
    widget.userId = user;
    widget.sessionToken = token;
    widget.hidden = false;
  } catch {
    widget.hidden = true;
    problem.hidden = false;
  }
}

/** The bank asks Countersign what there is now; this page's word would not do. */
async function tellBank() {
  // Read to its end, though the page needs none of it: an answer left unread keeps its connection.
  await (await fetch("/security/enrolled", { method: "POST" })).text();
}

widget.addEventListener("countersign-enrolled", tellBank);
widget.addEventListener("countersign-removed", tellBank);
document.getElementById("methods-again").addEventListener("click", start);
start();
