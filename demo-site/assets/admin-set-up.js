// SPDX-License-Identifier: Apache-2.0

import "./countersign/enroll-define.js";
import { post } from "./admin-proof.js";

const widget = document.querySelector("countersign-enroll");
const goOn = document.getElementById("go-on");
const problem = document.getElementById("proof-problem");

widget.addEventListener("countersign-enrolled", () => {
  goOn.hidden = false;
  goOn.querySelector("a").focus();
});

const { status, body } = await post("/admin/set-up");
if (status === 201) {
  widget.userId = body.user;
  widget.sessionToken = body.token;
} else {
  problem.textContent = "Setting up is not possible right now. Nothing has changed. Try again in a minute.";
  problem.hidden = false;
}
