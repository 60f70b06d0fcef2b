// SPDX-License-Identifier: Apache-2.0

import { html } from "../bank/html.mjs";
import { elementTrouble, renderAdminPage } from "./admin-layout.mjs";
import { day } from "./day.mjs";

const userRow = ({ id, name, email, staff, joined_at: joined, second_factor_seen: protectedByCode }, now) => html`
  <tr>
    <td><a class="row-link" href="/admin/users/${id}">${name}</a><span class="help">${email}${staff ? ", staff" : ""}</span></td>
    <td>${protectedByCode ? "Has had one" : "Never had one"}</td>
    <td class="when">${day(joined, now)}</td>
  </tr>`;

export function renderUsers({ person, wanted, customers, now }) {
  return renderAdminPage({
    title: "Users",
    steps: [{ text: "People" }, { text: "Users" }],
    path: "/admin/users",
    person,
    body: html`
      <form method="post" action="/admin/users" class="find" role="search">
        <div class="field"><label for="wanted">Name or email address</label>
          <input id="wanted" name="wanted" type="search" autocomplete="off" maxlength="120" value="${wanted}"></div>
        <button class="button secondary" type="submit">Find</button>
      </form>
      <section class="card flush">
        <h2 id="users">${customers.length === 1 ? "1 user" : `${customers.length} users`}</h2>
        ${customers.length === 0 ? html`<p class="empty">Nobody fits. Try a part of the name.</p>` : html`
        <table class="people" aria-labelledby="users">
          <thead><tr><th scope="col">Who</th><th scope="col">Second factor</th><th scope="col">Joined</th></tr></thead>
          <tbody>${customers.map((customer) => userRow(customer, now))}</tbody>
        </table>`}
      </section>`,
  });
}

export function renderUser({ person, customer, signIns, now }) {
  return renderAdminPage({
    title: customer.name,
    steps: [{ text: "People" }, { text: "Users", href: "/admin/users" }, { text: customer.name }],
    path: "/admin/users",
    person,
    scripts: ["/assets/admin-user.js"],
    body: html`
      <p class="lead small">${customer.email}, joined ${day(customer.joined_at, now)}${customer.staff ? ", on the staff" : ""}.</p>
      <div id="content" data-customer="${customer.id}"><countersign-user endpoint="/countersign/w" account="${customer.email}"></countersign-user></div>
      ${elementTrouble}
      <section class="card flush">
        <h2 id="sign-ins">Recent sign-ins</h2>
        ${signIns.length === 0 ? html`<p class="empty">None yet.</p>` : html`
        <table aria-labelledby="sign-ins">
          <thead><tr><th scope="col">How</th><th scope="col">When</th></tr></thead>
          <tbody>${signIns.map(({ at, factors }) => html`<tr><td>${factors}</td><td class="when">${day(at, now)}</td></tr>`)}</tbody>
        </table>`}
      </section>`,
  });
}
