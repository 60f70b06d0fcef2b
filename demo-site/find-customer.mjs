// SPDX-License-Identifier: Apache-2.0

// For the operator of the demonstration: prints the name by which Countersign knows a customer of the bank.
//
//   node demo-site/find-customer.mjs BANK_DATABASE EMAIL

import { Database } from "./bank/database.mjs";

const [file, email = ""] = process.argv.slice(2);
const database = new Database(file);
const customer = database.findCustomerByEmail(email.trim().toLowerCase());
database.close();
if (customer === undefined) {
  console.error(`find-customer: nobody here has the address ${email}`);
  process.exit(1);
}
console.log(customer.countersign_user);
