// SPDX-License-Identifier: Apache-2.0
import { CountersignSecurityCodeField } from "./security-code-field.js";

if (!customElements.get("countersign-security-code-field")) {
  customElements.define("countersign-security-code-field", CountersignSecurityCodeField);
}
