// SPDX-License-Identifier: Apache-2.0
import "../code-field/define.js";
import "../security-code-field/define.js";
import { CountersignChallenge } from "./challenge.js";

if (!customElements.get("countersign-challenge")) customElements.define("countersign-challenge", CountersignChallenge);
