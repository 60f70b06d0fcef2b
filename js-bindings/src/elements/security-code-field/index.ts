// SPDX-License-Identifier: Apache-2.0
export { CountersignSecurityCodeField } from "./security-code-field.js";
