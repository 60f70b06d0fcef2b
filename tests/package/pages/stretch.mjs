// SPDX-License-Identifier: Apache-2.0
// Stretches in a worker, with the module that `?module=` names or the one that the package chooses, and writes
// down what happened. `?simd=no` makes the engine say that it has no SIMD.
const asked = new URLSearchParams(location.search);
if (asked.get("simd") === "no") WebAssembly.validate = () => false;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const sample = "K7QF-2M9X-TRB4-V3HF";
const salt = Uint8Array.from({ length: 16 }, (_, index) => index);

async function outcomeOf(promise) {
  try {
    return (await promise).map(hex);
  } catch (error) {
    return `${error.name}: ${error.code ?? error.message}`;
  }
}

const { loadCore } = await import("/dist/index.js");
const core = await loadCore(asked.has("module") ? { wasm: asked.get("module") } : {});
const progress = [];
const found = {
  onThePage: hex(core.stretchSecurityCode(sample, salt)),
  stretched: await outcomeOf(core.stretchCodes([sample, sample.toLowerCase()], salt, { onProgress: (...step) => progress.push(step) })),
  progress,
  badSalt: await outcomeOf(core.stretchCodes([sample], salt.subarray(1))),
  missing: await outcomeOf(core.stretchCodes([sample], salt, { worker: "/dist/none.js" })),
  elsewhere: await outcomeOf(core.stretchCodes([sample], salt, { worker: "https://other.example/stretch-worker.js" })),
  inline: await outcomeOf(core.stretchCodes([sample], salt, { worker: URL.createObjectURL(new Blob(["postMessage({})"])) })),
  files: performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname),
};
const controller = new AbortController();
found.givenUp = await outcomeOf(core.stretchCodes(Array(50).fill(sample), salt, {
  signal: controller.signal,
  onProgress: (done) => { if (done === 2) controller.abort(); },
}));
document.body.textContent = JSON.stringify(found);
document.body.dataset.done = "";
