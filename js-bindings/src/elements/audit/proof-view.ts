// SPDX-License-Identifier: Apache-2.0
// What the proof says, and what to do when it fails.

import { html, nothing, type TemplateResult } from "lit";
import type { Checkpoint } from "../../policy.js";
import { day } from "../shared/day.js";
import { badIcon, copyIcon, goodIcon, waitIcon } from "../shared/icons.js";
import type { Proof } from "./proof.js";

export interface ProofActions {
  again(): void;
  /** From here on the checkpoint of now is what is kept. */
  startAnew(): void;
  copyKept(): void;
}

const whenSigned = ({ timestampMs }: Checkpoint) => day(timestampMs / 1000);
const records = (count: number) => `${count.toLocaleString("en-US")} ${count === 1 ? "record" : "records"}`;
const since = (count: number) => (count === 0 ? "nothing was signed since" : `${records(count)} since`);

const reasons = {
  forked: "Records that this browser saw signed were changed, left out or put in.",
  rolled_back: "There are fewer records now than this browser saw signed.",
  bad_signature: "The checkpoint is not signed by the key of this log.",
  other_key: "The log is signed by another key than before.",
  records_differ: "What a record says is not what was sealed.",
  records_missing: "The list below has a gap: records are left out of it.",
  malformed: "The checkpoint, or what was kept of an earlier one, cannot be read.",
} as const;

const untried = {
  engine: "This browser cannot check the log\u2019s signatures. Use a newer one.",
  answer: "Not all records in between could be read. Nothing is proven this time, and nothing speaks against it.",
  too_long: "Too many records have come since the checkpoint that is kept here. Have the log proven on the server: countersign audit verify.",
} as const;

function box(kind: "good" | "warn" | "bad", icon: TemplateResult, title: string, text: unknown, actions: unknown = nothing): TemplateResult {
  return html`<section class="box proof ${kind}" aria-labelledby="proof-title">
    <div class="notice" role="status"><span class=${kind}>${icon}</span><div class="stack tight">
      <h2 id="proof-title" tabindex="-1">${title}</h2>${text}</div></div>
    ${actions}
  </section>`;
}

function failed(why: keyof typeof reasons, actions: ProofActions, said: string): TemplateResult {
  return box("bad", badIcon, "The audit trail failed its proof", html`
    <p><strong>${reasons[why]}</strong> Do not rely on the list below.</p>
    <ol class="steps">
      <li>Tell who runs the server, by another way than this site. Nothing has to be done in haste here.</li>
      <li>Copy the checkpoint that is kept in this browser, and keep it elsewhere.</li>
      <li>On the server run <span class="code">countersign audit verify --since "..."</span> with it. It names the first record that is not right.</li>
      <li>Start anew only when the cause is known, as a restore from a backup or a new key: what is kept here is forgotten then.</li>
    </ol>
    <p class="small" role="status">${said}</p>`, html`<div class="row">
      <button type="button" class="copy-kept" @click=${actions.copyKept}>${copyIcon}Copy the kept checkpoint</button>
      <button type="button" class="again" @click=${actions.again}>Look again</button>
      <button type="button" class="danger anew" @click=${actions.startAnew}>Start anew from here</button></div>`);
}

export function proofView(proof: Proof | undefined, actions: ProofActions, said: string): TemplateResult {
  if (!proof) return box("warn", waitIcon, "Proving the audit trail", html`<p class="secondary">Checking it against what this browser saw before.</p>`);
  const again = html`<div class="row"><button type="button" class="again" @click=${actions.again}>Look again</button></div>`;
  switch (proof.kind) {
    case "proven":
      return box("good", goodIcon, "The audit trail is proven", html`<p>It still holds all ${records(proof.before.size)} of the checkpoint
        of ${whenSigned(proof.before)}, unchanged, and ${since(proof.now.size - proof.before.size)}. ${said}</p>
        <p class="small secondary">Of the list below it proves what is newer than that checkpoint. What is older is not read again here; on the server
        <span class="code">countersign audit verify</span> compares all of it.</p>`, again);
    case "first":
      return box("good", goodIcon, "The first look from this browser", html`<p>The checkpoint over ${records(proof.now.size)} is signed, and is
        kept here from now on. Next time the log has to extend it. ${said}</p>`, again);
    case "unsigned":
      return box("warn", waitIcon, "Nothing is signed yet", html`<p>The server signs a checkpoint each minute in which something happened.</p>`, again);
    case "restored":
      return box("warn", badIcon, "The server was restored from a backup", html`<p>The log holds all that this browser saw signed, but a restore
        lies in between: what came after the backup may be gone. If nobody told you of one, ask who runs the server.</p>`, html`<div class="row">
        <button type="button" class="anew" @click=${actions.startAnew}>I know of this restore</button>
        <button type="button" class="again" @click=${actions.again}>Look again</button></div>`);
    case "untried":
      return box("warn", badIcon, "The audit trail could not be proven", html`<p>${untried[proof.why]}</p>`, again);
    case "failed":
      return failed(proof.why, actions, said);
  }
}
