// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";
import { elementTrouble, renderAdminPage } from "./admin-layout.mjs";

export function renderPolicy({ person }) {
  const title = "Alternate 2FA Login Methods";
  return renderAdminPage({
    title,
    steps: [{ text: "2-Factor Authentication" }, { text: title }],
    path: "/admin/policy",
    person,
    scripts: ["/assets/admin-policy.js"],
    body: html`
      <div id="content">
        <p class="lead small">What gets people in without their phone, and what each of these costs. Nothing takes effect before you save.</p>
        <countersign-policy endpoint="/countersign/w"></countersign-policy>
      </div>
      ${elementTrouble}`,
  });
}

export function renderAudit({ person }) {
  return renderAdminPage({
    title: "Audit trail",
    steps: [{ text: "Records" }, { text: "Audit trail" }],
    path: "/admin/audit",
    person,
    scripts: ["/assets/admin-audit.js"],
    body: html`
      <div id="content">
        <p class="lead small">What happened, and the proof that nothing of it was changed since this browser looked last.</p>
        <countersign-audit endpoint="/countersign/w"></countersign-audit>
      </div>
      ${elementTrouble}`,
  });
}
