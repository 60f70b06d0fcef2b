// SPDX-License-Identifier: Apache-2.0
export { CountersignCodeField } from "./code-field.js";
