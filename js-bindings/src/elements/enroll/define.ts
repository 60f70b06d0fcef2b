// SPDX-License-Identifier: Apache-2.0
import "../code-field/define.js";
import { CountersignEnroll } from "./enroll.js";

if (!customElements.get("countersign-enroll")) customElements.define("countersign-enroll", CountersignEnroll);
