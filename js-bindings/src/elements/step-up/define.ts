// SPDX-License-Identifier: Apache-2.0
import "../code-field/define.js";
import "../security-code-field/define.js";
import { CountersignStepUp } from "./step-up.js";

if (!customElements.get("countersign-step-up")) customElements.define("countersign-step-up", CountersignStepUp);
