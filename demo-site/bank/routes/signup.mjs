// SPDX-License-Identifier: Apache-2.0

import { renderLanding, renderSignUp } from "../../pages/public.mjs";
import { readEmail, readField } from "../form.mjs";
import { hashPassword } from "../passwords.mjs";
import { Throttle } from "../throttle.mjs";

function findProblem({ name, email, password }) {
  if (name === "") return "Tell us your name.";
  if (email === "") return "That does not look like an email address.";
  if (password.length < 12) return "The password needs at least 12 characters.";
  return undefined;
}

export function addSignUpRoutes({ app, database, visits }) {
  const byAddress = new Throttle({ limit: 60, windowSeconds: 600 });

  app.get("/", (request, reply) =>
    visits.signedIn(request) ? reply.redirect("/account", 303) : reply.type("text/html").send(renderLanding()),
  );

  app.get("/signup", (_request, reply) => reply.type("text/html").send(renderSignUp()));

  app.post("/signup", async (request, reply) => {
    reply.type("text/html");
    const name = readField(request.body, "name", 80).trim();
    const email = readEmail(request.body);
    const password = readField(request.body, "password", 256);
    const problem =
      byAddress.take(request.ip) > 0
        ? "Too many accounts were opened from here. Try again later."
        : findProblem({ name, email, password });
    if (problem !== undefined) {
      return reply.code(422).send(renderSignUp({ problem, name, email: readField(request.body, "email", 120) }));
    }
    // The same answer, after the same work, whether the address was free or taken.
    database.addCustomer({ email, name, passwordHash: await hashPassword(password) });
    return reply.redirect("/login?welcome", 303);
  });
}
