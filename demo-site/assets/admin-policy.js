// SPDX-License-Identifier: Apache-2.0

import "./countersign/policy-editor-define.js";
import { serve } from "./admin-element.js";

const element = document.querySelector("countersign-policy");
const { title } = document;

element.addEventListener("countersign-unsaved", ({ detail }) => {
  document.title = detail.unsaved ? `Not saved: ${title}` : title;
});
serve(element, { for: "policy" }, ({ names }) => (element.names = names));
