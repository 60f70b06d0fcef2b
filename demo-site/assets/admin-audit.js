// SPDX-License-Identifier: Apache-2.0

import "./countersign/audit-define.js";
import { serve } from "./admin-element.js";

const element = document.querySelector("countersign-audit");
serve(element, { for: "audit" }, ({ names }) => (element.names = names));
