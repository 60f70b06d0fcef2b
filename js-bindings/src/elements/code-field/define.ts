// SPDX-License-Identifier: Apache-2.0
import { CountersignCodeField } from "./code-field.js";

if (!customElements.get("countersign-code-field")) {
  customElements.define("countersign-code-field", CountersignCodeField);
}
