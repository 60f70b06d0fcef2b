// SPDX-License-Identifier: Apache-2.0

import "./countersign/user-define.js";
import { serve } from "./admin-element.js";

const element = document.querySelector("countersign-user");
serve(element, { for: "user", customer: document.getElementById("content").dataset.customer }, ({ user }) => (element.user = user));
