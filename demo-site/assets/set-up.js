// SPDX-License-Identifier: Apache-2.0

// The page before the account: hands the widget its session, and asks the bank to go on when something is set up.

import "./countersign/methods-define.js";

const widget = document.querySelector("countersign-methods");
const [done, problem] = ["set-up-done", "set-up-problem"].map((id) => document.getElementById(id));
let next;

async function post(path) {
  const response = await fetch(path, { method: "POST" });
  const answer = await response.json();
  if (response.status === 401) location.assign("/login");
  if (!response.ok) throw new Error(`status ${response.status}`);
  return answer;
}

async function start() {
  problem.hidden = true;
  try {
    const { token, user } = await post("/login/set-up/session");
    widget.userId = user;
    widget.sessionToken = token;
    widget.hidden = false;
  } catch {
    widget.hidden = true;
    problem.hidden = false;
  }
}

widget.addEventListener("countersign-enrolled", async () => {
  try {
    next = (await post("/login/set-up/done")).location;
    done.hidden = false;
  } catch {
    problem.hidden = false;
  }
});
document.getElementById("set-up-continue").addEventListener("click", () => location.assign(next));
document.getElementById("set-up-again").addEventListener("click", start);
start();
