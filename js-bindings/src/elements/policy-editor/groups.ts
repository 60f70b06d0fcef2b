// SPDX-License-Identifier: Apache-2.0
// The groups of the menu, in one column: Forgot Phone (A1 to A5), security codes (A6 to A9), the second factor at
// login (A12), set-up, questions, and the numbers.

import { html, nothing, type TemplateResult } from "lit";
import { badIcon } from "../shared/icons.js";
import { alternates, codeKinds, openAlternates, type Alternate, type CodeKind } from "../shared/policy-document.js";
import { choiceRows, numberRow, problemLine, switchRow, tickRows, type Desk, type NumberPlace, type Option } from "./rows.js";
import { alternateNames, kindNames } from "./words.js";

function group(desk: Desk, section: string, title: string, line: string, rows: unknown): TemplateResult {
  return html`<section class="box group" aria-labelledby="group-${section}" data-place=${section}>
    <div class="stack tight"><h2 id="group-${section}">${title}</h2><p class="secondary">${line}</p></div>
    ${rows}
    ${problemLine(desk, section)}
  </section>`;
}

const warning = html`<p class="notice warn">${badIcon}<span>A fallback can be abused to get around the second factor: whoever has
  the password and the fallback needs no phone. Turn it on only if people would be locked out otherwise.</span></p>`;

const questionsBanner = html`<p class="notice bad banner">${badIcon}<span>Security questions are on. Answers can often be guessed or
  found; OWASP ASVS 5.0 level 1 is not met (6.4.2), and NIST SP 800-63B-4 bars them (3.1.1.2).</span></p>`;

const forgotPhoneOff = { "forgot_phone.enabled": false } as const;
const alone = (value: Alternate) => ({ "forgot_phone.enabled": true, "forgot_phone.user_choice": false, "forgot_phone.alternate": value });

function alternateOptions({ scales, draft }: Desk): readonly Option<Alternate>[] {
  return alternates.map((value) => ({ value, label: alternateNames[value], price: scales.price(draft, alone(value), forgotPhoneOff) }));
}

function offeredOptions({ scales, draft }: Desk): readonly Option<Alternate>[] {
  const offered = draft["forgot_phone.offered"];
  const selected = draft["forgot_phone.alternate"];
  return alternates.map((value) => {
    const others = offered.filter((one) => one !== value);
    const without = others.length > 0 ? { "forgot_phone.offered": others } : forgotPhoneOff;
    return {
      value,
      label: alternateNames[value],
      price: scales.price(draft, alone(value), forgotPhoneOff, [{ "forgot_phone.offered": [...others, value] }, without]),
      ...(value === selected && offered.includes(value) ? { kept: "Selected above: what users have until they choose." } : {}),
    };
  });
}

/** What choosing adds to Forgot Phone with the selected alternate. */
function priceOfChoice({ scales, draft }: Desk) {
  const on = { "forgot_phone.enabled": true } as const;
  return scales.price(draft, { ...on, "forgot_phone.user_choice": true }, { ...on, "forgot_phone.user_choice": false });
}

const inOrder = (some: readonly Alternate[]) => alternates.filter((one) => some.includes(one));

export function forgotPhoneGroup(desk: Desk): TemplateResult {
  const { draft } = desk;
  const offered = draft["forgot_phone.offered"];
  const pick = (value: Alternate) => desk.change({
    "forgot_phone.alternate": value,
    ...(draft["forgot_phone.user_choice"] ? { "forgot_phone.offered": inOrder([...offered, value]) } : {}),
  });
  const tick = (value: Alternate, ticked: boolean) => desk.change({
    "forgot_phone.offered": ticked ? inOrder([...offered, value]) : offered.filter((one) => one !== value),
  });
  return group(desk, "forgot_phone", "Forgot Phone", "A way in for people who have their password and not their phone.", html`
    ${warning}
    ${switchRow(desk, "forgot_phone.enabled", "People find \u201cForgot My Phone\u201d at login and use what is selected here.")}
    ${draft["forgot_phone.enabled"] ? html`
      ${openAlternates(draft).some((one) => one !== "email") ? questionsBanner : nothing}
      ${choiceRows(desk, "forgot_phone.alternate", alternateOptions(desk), pick)}
      ${switchRow(desk, "forgot_phone.user_choice", "Each person picks one of those that you tick, and may switch among them.", priceOfChoice(desk))}
      ${draft["forgot_phone.user_choice"] ? tickRows(desk, "forgot_phone.offered", offeredOptions(desk), tick) : nothing}` : nothing}`);
}

const kindHelp: Readonly<Record<CodeKind, string>> = {
  static: "A set that the user makes and keeps. No time limit; each code works once.",
  backup: "An administrator generates one for a user who is locked out. It works once.",
  both: "Sets of the users\u2019 own, and codes that an administrator generates.",
};

export function codesGroup(desk: Desk): TemplateResult {
  const { draft, scales } = desk;
  const options = codeKinds.map((value) => ({
    value,
    label: kindNames[value],
    help: kindHelp[value],
    price: scales.price(draft, { "security_codes.enabled": true, "security_codes.kind": value }, { "security_codes.enabled": false }),
  }));
  return group(desk, "security_codes", "Security codes", "Codes on paper or in a password manager, each good for one sign-in.", html`
    ${switchRow(desk, "security_codes.enabled", "A security code stands in for the authenticator app.")}
    ${draft["security_codes.enabled"] ? html`
      ${choiceRows<CodeKind>(desk, "security_codes.kind", options, (value) => desk.change({ "security_codes.kind": value }))}
      ${draft["security_codes.kind"] === "static" ? nothing
        : numberRow(desk, "security_codes.backup_code_hours", "Then it is void, used or not. One at a time for each user.")}` : nothing}`);
}

export function loginGroup(desk: Desk): TemplateResult {
  return group(desk, "login_methods", "Second factor at login", "What people may use as their second factor, after the password.", html`
    ${switchRow(desk, "login_methods.totp", "Google Authenticator, Microsoft Authenticator, Authy, or any other.")}
    ${switchRow(desk, "login_methods.email", "A code to the address that you have on file. Whoever reads the mail has it.")}
    ${switchRow(desk, "require_setup", "Who has no second factor sets one up at the next login, before anything else.")}
    ${switchRow(desk, "allow_none", "People may remove their last method and sign in with the password alone.")}`);
}

export function questionsGroup(desk: Desk): TemplateResult {
  return group(desk, "kba", "Security questions", "How they are asked, where Forgot Phone uses them. All answers are judged as one.", html`
    ${numberRow(desk, "kba.questions", "So many are set up, and asked.")}
    ${switchRow(desk, "kba.catalog", "Questions of which the answers are harder to find.")}
    ${switchRow(desk, "kba.own", "People often write questions that others can answer.")}`);
}

const numbers: readonly (readonly [NumberPlace, string])[] = [
  ["email_codes.digits", "More digits are harder to guess."],
  ["email_codes.life_seconds", "Then another one is needed."],
  ["email_codes.tries", "Then it is void."],
  ["counting.pause_from_failure", "Nothing is accepted during a pause."],
  ["counting.pause_start_seconds", "It doubles with each further wrong code."],
  ["counting.pause_cap_seconds", "It does not grow beyond this."],
  ["counting.notice_at", "A mail tells the owner."],
  ["counting.disable_at", "It stays off until it is reconfigured."],
  ["recovery_hold_hours", "Who came in by a fallback can set up an authenticator at once, and change no more."],
  ["alternate_hold_hours", "The old address is told meanwhile."],
];

export function numbersGroup(desk: Desk): TemplateResult {
  const { draft, scales } = desk;
  const window = (place: "totp.past_steps" | "totp.future_steps", help: string) =>
    numberRow(desk, place, help, scales.price(draft, { [place]: draft[place] }, { [place]: 0 }));
  return html`<details class="box group numbers" data-place="numbers">
    <summary><h2>More numbers</h2></summary>
    ${window("totp.past_steps", "Codes of 30 seconds before the present one: for slow typing.")}
    ${window("totp.future_steps", "Codes of 30 seconds after it: for phones whose clock is ahead.")}
    ${numbers.map(([place, help]) => numberRow(desk, place, help))}
  </details>`;
}
