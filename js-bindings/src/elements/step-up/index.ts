// SPDX-License-Identifier: Apache-2.0
export { CountersignStepUp } from "./step-up.js";
