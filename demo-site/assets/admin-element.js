// SPDX-License-Identifier: Apache-2.0

// Hands an element of the dashboard its session, and a new one when that is over: after ten minutes the person proves
// again who it is, in the page, and goes on where it was.

import { post, prove } from "./admin-proof.js";

const content = document.getElementById("content");
const proof = document.getElementById("proof");
const problem = document.getElementById("problem");

const show = (one) => [content, proof, problem].forEach((it) => (it.hidden = it !== one));

async function proveAgain() {
  show(proof);
  document.getElementById("proof-title").focus();
  return prove(proof.querySelector("countersign-challenge"));
}

/**
 * @param {HTMLElement} element
 * @param {object} wanted - what the bank is asked: `{for, ...}`
 * @param {(body: object) => void} [prepare] - sets what the element needs beside its token
 */
export function serve(element, wanted, prepare = () => {}) {
  let starting = false;

  async function start() {
    if (starting) return;
    starting = true;
    try {
      let answer = await post("/admin/session", wanted);
      if (answer.status === 409 && (await proveAgain())) answer = await post("/admin/session", wanted);
      if (answer.status === 409) return;
      if (answer.status !== 201) return show(problem);
      show(content);
      prepare(answer.body);
      element.sessionToken = answer.body.token;
    } catch {
      show(problem);
    } finally {
      starting = false;
    }
  }

  element.addEventListener("countersign-error", ({ detail }) => {
    if (detail.code === "auth.invalid") void start();
  });
  document.getElementById("again").addEventListener("click", start);
  return start();
}
