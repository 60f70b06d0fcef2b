// SPDX-License-Identifier: Apache-2.0

import { prove } from "./admin-proof.js";

if (await prove(document.querySelector("countersign-challenge"))) location.assign("/admin/policy");
