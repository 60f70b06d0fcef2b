// SPDX-License-Identifier: Apache-2.0
import "../code-field/define.js";
import { CountersignPolicy } from "./policy-editor.js";

if (!customElements.get("countersign-policy")) customElements.define("countersign-policy", CountersignPolicy);
