// SPDX-License-Identifier: Apache-2.0

// The bank as one Fastify application. Everything from outside (its database, Countersign, the
// clock, its own origin) comes in here.

import Fastify from "fastify";

import { renderFault, renderNotFound, renderRefusedOrigin } from "../pages/trouble.mjs";
import { forwardWidgetCalls } from "./forward.mjs";
import { bankHeaders } from "./headers.mjs";
import { Logins } from "./logins.mjs";
import { addAccountRoutes } from "./routes/account.mjs";
import { addAdminRoutes } from "./routes/admin.mjs";
import { addLoginRoutes } from "./routes/login.mjs";
import { addSecondFactorRoutes } from "./routes/second-factor.mjs";
import { addSecurityRoutes } from "./routes/security.mjs";
import { addSetUpRoutes } from "./routes/set-up.mjs";
import { addSignUpRoutes } from "./routes/signup.mjs";
import { SetUps } from "./set-ups.mjs";
import { StaffVisits } from "./staff-visits.mjs";
import { Visits } from "./visits.mjs";

/** Every state-changing request must name the bank's own origin: no other site can post its forms. */
function refuseForeignPosts(app, origin) {
  app.addHook("onRequest", async (request, reply) => {
    if (request.method === "GET" || request.method === "HEAD") return;
    if (request.headers.origin !== origin()) {
      return reply.code(403).type("text/html").send(renderRefusedOrigin());
    }
  });
}

function addHeaders(app) {
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers(bankHeaders).header("cache-control", "no-store");
  });
}

function readForms(app) {
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, async (_request, body) =>
    Object.fromEntries(new URLSearchParams(body)),
  );
}

function serveFiles(app, files) {
  for (const [path, { type, body }] of files) {
    app.get(path, (_request, reply) => reply.type(type).header("cache-control", "no-cache").send(body));
  }
}

/**
 * @param {object} parts
 * @param {() => string} parts.origin - where browsers see the bank, e.g. `http://localhost:4810`
 * @param {string} parts.server - where the Countersign server listens
 * @param {import("./countersign-client.mjs").CountersignClient} parts.countersign
 * @param {import("./countersign-client.mjs").CountersignClient} [parts.administration] - the same with the staff's own key; without one there is no staff's side
 * @param {import("./database.mjs").Database} parts.database
 * @param {Map<string, {type: string, body: Buffer}>} parts.files - by URL path
 * @param {() => number} parts.now - whole seconds since 1970-01-01 UTC
 * @param {object | boolean} [parts.logger] - Fastify's; it logs no bodies and no headers
 */
export function createBank({ origin, server, countersign, administration, database, files, now, logger = false }) {
  const app = Fastify({ logger, bodyLimit: 16 * 1024, routerOptions: { ignoreTrailingSlash: true } });
  const secure = () => origin().startsWith("https:");
  const visits = new Visits({ database, secure });
  const staff = new StaffVisits({ database, secure, now });
  const logins = new Logins({ countersign, now });
  const setUps = new SetUps({ countersign, now });
  const parts = { app, countersign, database, logins, setUps, visits, now };

  addHeaders(app);
  refuseForeignPosts(app, origin);
  readForms(app);
  serveFiles(app, files);
  const isStaff = (request) => staff.signedIn(request) !== undefined;
  forwardWidgetCalls(app, server, isStaff, (token, pendingId) => setUps.begin(token, pendingId));
  addSignUpRoutes(parts);
  addLoginRoutes(parts);
  addSecondFactorRoutes(parts);
  addSetUpRoutes(parts);
  addAccountRoutes(parts);
  addSecurityRoutes(parts);
  if (administration) addAdminRoutes({ app, countersign: administration, database, staff, now });

  app.get("/healthz", async () => ({ status: "ok" }));
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).type("text/html").send(renderNotFound({ customer: visits.signedIn(request) })),
  );
  app.setErrorHandler((error, request, reply) => {
    request.log.error({ error: error.message }, "request failed");
    const status = error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : 500;
    return reply.code(status).type("text/html").send(renderFault());
  });
  return app;
}
