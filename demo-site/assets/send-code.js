// SPDX-License-Identifier: Apache-2.0

// Sends a code without leaving the page, so that a refused one stays in its field; the field counts the
// waiting time down inside the sentence.

const notAnswered =
  "We can't check your code right now. You are not signed in, and nothing has changed. Try again in a minute.";

async function send(form) {
  const response = await fetch(form.action, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
  return response.json();
}

/** @param {string} tag - of the field in the page's one form */
export async function sendCodesOf(tag) {
  const form = document.getElementById("code-form");
  const field = form.querySelector(tag);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    field.busy = true;
    const answer = await send(form).catch(() => ({ unavailable: true }));
    field.busy = false;
    if (answer.location) location.assign(answer.location);
    else if (answer.refused) field.refuse(answer.refused, answer.retryAfter);
    else field.refuse(notAnswered);
  });
  // The input had the focus before it became part of the field: the field is told by giving it again.
  await field.updateComplete;
  field.input.blur();
  field.focus();
}
