// SPDX-License-Identifier: Apache-2.0
import { CountersignAudit } from "./audit.js";

if (!customElements.get("countersign-audit")) customElements.define("countersign-audit", CountersignAudit);
