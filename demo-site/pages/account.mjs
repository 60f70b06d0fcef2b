// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";
import { codeUsedNotice } from "./code-used.mjs";
import { day } from "./day.mjs";
import { icons } from "./icons.mjs";
import { renderPage } from "./layout.mjs";

const invitation = html`
  <aside class="invitation">
    ${icons.shield}
    <p><strong>Add a second factor.</strong> Then a stolen password alone opens nothing. It takes a minute.</p>
    <a class="button small" href="/security">Set it up</a>
  </aside>`;

const accountCard = ({ name, number, balance, note }) => html`
  <li class="balance">
    <h2>${name} <span class="number">ending ${number}</span></h2>
    <p class="amount">${balance}</p>
    <p class="help">${note ?? "Available now"}</p>
  </li>`;

const entryRow = ({ payee, kind, amount, at, incoming }, now) => html`
  <tr>
    <td><span class="payee">${payee}</span><span class="help">${kind}</span></td>
    <td class="when">${day(at, now)}</td>
    <td class="amount ${incoming && "incoming"}">${amount}</td>
  </tr>`;

export function renderAccount({ customer, statement, now, protectedByCode, codeUsed }) {
  return renderPage({
    title: "Accounts",
    path: "/account",
    customer,
    body: html`
      <div class="heading">
        <h1>Hello, ${customer.name.split(" ")[0]}</h1>
        <p class="total"><span class="help">Together</span> <span class="amount">${statement.total}</span></p>
      </div>
      ${codeUsed ? codeUsedNotice(codeUsed) : !protectedByCode && invitation}
      <ul class="balances">${statement.accounts.map(accountCard)}</ul>
      <section class="card flush entries">
        <h2 id="recent">Recent transactions</h2>
        <table aria-labelledby="recent">
          <thead><tr><th scope="col">What</th><th scope="col">When</th><th scope="col">Amount</th></tr></thead>
          <tbody>${statement.entries.map((entry) => entryRow(entry, now))}</tbody>
        </table>
      </section>`,
  });
}
