// SPDX-License-Identifier: Apache-2.0
import "../code-field/define.js";
import { CountersignUser } from "./user.js";

if (!customElements.get("countersign-user")) customElements.define("countersign-user", CountersignUser);
