// SPDX-License-Identifier: Apache-2.0

// The staff's dashboard: the policy, the users, the audit trail. The pages hold a session of ten minutes with the one
// scope that they need, opened with a key that the customers' side does not have.

import { renderAudit, renderPolicy } from "../../pages/admin.mjs";
import { renderUser, renderUsers } from "../../pages/admin-users.mjs";
import { renderNotFound } from "../../pages/trouble.mjs";
import { CountersignUnavailable } from "../countersign-client.mjs";
import { readField } from "../form.mjs";
import { Throttle } from "../throttle.mjs";
import { addStaffLoginRoutes } from "./admin-login.mjs";

const scopesOf = { policy: ["policy"], user: ["unlock", "codes"], audit: ["audit"] };

export function addAdminRoutes(parts) {
  const { app, countersign, database, staff, now } = parts;
  const byPerson = new Throttle({ limit: 60, windowSeconds: 600 });
  addStaffLoginRoutes(parts);

  /** A page for the staff; everybody else is sent to sign in. */
  const page = (render) => (request, reply) => {
    const found = staff.signedIn(request);
    if (found === undefined) return reply.redirect("/admin/login", 303);
    const html = render(found.person, request);
    if (html === undefined) return reply.code(404).type("text/html").send(renderNotFound());
    return reply.type("text/html").send(html);
  };

  const users = (person, request) => {
    const wanted = readField(request.body, "wanted", 120).trim();
    return renderUsers({ person, wanted, customers: database.listCustomers(wanted), now: now() });
  };

  app.get("/admin", page((person) => renderPolicy({ person })));
  app.get("/admin/policy", page((person) => renderPolicy({ person })));
  app.get("/admin/users", page(users));
  // A POST: names and addresses stay out of URLs and logs.
  app.post("/admin/users", page(users));
  app.get("/admin/users/:id", page((person, request) => {
    const customer = database.findCustomerById(Number(request.params.id));
    return customer && renderUser({ person, customer, signIns: database.recentSignIns(customer.id), now: now() });
  }));
  app.get("/admin/audit", page((person) => renderAudit({ person })));

  /** What a page has to know beside its token. */
  function beside(wanted, body) {
    if (wanted !== "user") {
      const people = database.listCustomers("", 10_000).filter(({ staff: works }) => works || wanted === "audit");
      return { names: Object.fromEntries(people.map(({ countersign_user: user, email }) => [user, email])) };
    }
    const customer = database.findCustomerById(Number(body?.customer));
    return customer && { user: customer.countersign_user };
  }

  app.post("/admin/session", async (request, reply) => {
    const found = staff.signedIn(request);
    if (found === undefined) return reply.code(401).send({});
    const wanted = readField(request.body, "for", 16);
    const more = Object.hasOwn(scopesOf, wanted) ? beside(wanted, request.body) : undefined;
    if (more === undefined) return reply.code(400).send({});
    const wait = byPerson.take(found.person.id);
    if (wait > 0) return reply.code(429).header("retry-after", wait).send({});
    try {
      const { person, visit } = found;
      const session = await countersign.openAdminSession({ user: person.countersign_user, scopes: scopesOf[wanted], challenge: visit.proven });
      if (session === undefined) return reply.code(409).send({ prove: true });
      return reply.code(201).send({ token: session.token, ...more });
    } catch (error) {
      if (!(error instanceof CountersignUnavailable)) throw error;
      request.log.warn({ reason: error.reason }, "no session for the administrator's page");
      return reply.code(503).header("retry-after", 60).send({});
    }
  });
}
