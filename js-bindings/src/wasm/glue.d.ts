// SPDX-License-Identifier: Apache-2.0
// core.mjs as the WASM build leaves it; the package's build puts the real file in this name's place.
declare module "countersign-core-glue" {
  const createCore: import("./raw.js").CreateCore;
  export default createCore;
}
declare module "countersign-policy-glue" {
  const createPolicy: import("./raw.js").CreateModule<import("./raw-policy.js").RawPolicy>;
  export default createPolicy;
}
