// SPDX-License-Identifier: Apache-2.0

// The security page: opens the enrollment widget with a session, and shows the new state after it.

import "./countersign/enroll-define.js";

const configure = document.getElementById("configure");
const panel = document.getElementById("enroll-panel");
const problem = document.getElementById("enroll-problem");
const state = document.getElementById("authenticator-state");

function showProblem(sentence) {
  problem.querySelector("span").textContent = sentence;
  problem.hidden = sentence === "";
}

async function openSession() {
  const response = await fetch("/security/session", { method: "POST" });
  if (response.status === 401) location.assign("/login");
  if (response.status !== 201) throw new Error("no session");
  return (await response.json()).token;
}

async function openWidget() {
  configure.disabled = true;
  showProblem("");
  try {
    const widget = document.createElement("countersign-enroll");
    widget.setAttribute("endpoint", "/countersign/w");
    widget.sessionToken = await openSession();
    panel.replaceChildren(widget);
    panel.hidden = false;
    configure.setAttribute("aria-expanded", "true");
    configure.hidden = true;
    // The button that had the focus is gone: go where it led.
    panel.focus();
  } catch {
    showProblem("We can't set this up right now. Nothing has changed. Try again in a minute.");
  } finally {
    configure.disabled = false;
  }
}

async function showNewState() {
  const response = await fetch("/security/authenticator");
  if (!response.ok) return;
  const { kind, sentence } = await response.json();
  const icon = document.getElementById("state-done").content.cloneNode(true);
  const text = document.createElement("span");
  text.textContent = sentence;
  state.className = `state ${kind}`;
  state.replaceChildren(icon, text);
}

configure?.addEventListener("click", openWidget);
panel.addEventListener("countersign-enrolled", showNewState);
