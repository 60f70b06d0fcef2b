// SPDX-License-Identifier: Apache-2.0
import "../enroll/define.js";
import "../step-up/define.js";
import { CountersignMethods } from "./methods.js";

if (!customElements.get("countersign-methods")) customElements.define("countersign-methods", CountersignMethods);
