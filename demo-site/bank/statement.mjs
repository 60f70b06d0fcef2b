// SPDX-License-Identifier: Apache-2.0

// What a customer's accounts show. The money is made up, the same for everyone; the days are real,
// counted back from today, so that the page never looks abandoned.

const secondsADay = 86_400;

const entries = [
  { daysAgo: 0, payee: "Pier 9 Coffee", kind: "Card", cents: -480 },
  { daysAgo: 1, payee: "Tidewater Grocery", kind: "Card", cents: -6_342 },
  { daysAgo: 2, payee: "North Quay Transit", kind: "Card", cents: -1_250 },
  { daysAgo: 3, payee: "Wages, Larkin & Moor", kind: "Incoming transfer", cents: 284_000 },
  { daysAgo: 4, payee: "To Rainy day", kind: "Own transfer", cents: -25_000 },
  { daysAgo: 6, payee: "Seaglass Electric", kind: "Direct debit", cents: -7_418 },
  { daysAgo: 8, payee: "The Paper Boat, books", kind: "Card", cents: -2_195 },
  { daysAgo: 11, payee: "Rent, 14 Chandler Row", kind: "Standing order", cents: -118_000 },
];

const accounts = [
  { name: "Everyday", number: "4417", cents: 312_684 },
  { name: "Rainy day", number: "9020", cents: 864_000, note: "3.1% interest, paid monthly" },
];

const money = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", signDisplay: "never" });

function formatCents(cents) {
  return `${cents < 0 ? "\u2212" : ""}${money.format(cents / 100)}`;
}

/** @param {number} now - whole seconds since 1970-01-01 UTC */
export function readStatement(now) {
  return {
    total: formatCents(accounts.reduce((sum, { cents }) => sum + cents, 0)),
    accounts: accounts.map((account) => ({ ...account, balance: formatCents(account.cents) })),
    entries: entries.map(({ daysAgo, cents, ...entry }) => ({
      ...entry,
      at: now - daysAgo * secondsADay,
      incoming: cents > 0,
      amount: cents > 0 ? `+${formatCents(cents)}` : formatCents(cents),
    })),
  };
}
