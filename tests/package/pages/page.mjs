// SPDX-License-Identifier: Apache-2.0
import { probe } from "./probe.mjs";

const policy = trustedTypes.createPolicy("countersign", {
  createScriptURL: (url) => (url === "/pages/worker.mjs" ? url : ""),
});

function probeInWorker() {
  return new Promise((resolve) => {
    const worker = new Worker(policy.createScriptURL("/pages/worker.mjs"), { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => resolve({ failure: event.message });
  });
}

const result = { page: await probe(), worker: await probeInWorker(), inlineRan: "inlineRan" in globalThis };
document.body.textContent = JSON.stringify(result);
document.body.dataset.done = "";
