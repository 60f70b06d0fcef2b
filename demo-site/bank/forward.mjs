// SPDX-License-Identifier: Apache-2.0

// What the widgets call: /countersign/w/... goes to the server's /v1/w/..., and nothing else does.
// Only the method, Authorization, Content-Type and the body pass; no cookie leaves the bank. What administers is passed
// on for the staff alone, whatever token a page has.

/** What a call began, as the answer tells it; undefined where nothing was, or another session had. */
function readPendingId(body) {
  try {
    const { ok, pending_id: pendingId } = JSON.parse(body);
    return ok === false ? undefined : pendingId;
  } catch {
    return undefined;
  }
}

/**
 * @param {(request: object) => boolean} isStaff - whether somebody of the staff is behind a request
 * @param {(token: string, pendingId: string) => void} onBegun - told of each set-up that a session has begun
 */
export function forwardWidgetCalls(app, server, isStaff, onBegun) {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, async (_request, body) => body);
    scope.route({ method: ["GET", "POST"], url: "/countersign/w/*", handler: async (request, reply) => {
      const path = request.params["*"];
      if (!/^[a-z]+(\/[a-z]+)*$/.test(path)) return reply.callNotFound();
      if (path.split("/")[0] === "admin" && !isStaff(request)) return reply.callNotFound();
      const { authorization = "", "content-type": contentType = "application/json" } = request.headers;
      const answer = await fetch(new URL(`/v1/w/${path}`, server), {
        method: request.method,
        headers: { authorization, "content-type": contentType },
        body: request.method === "POST" ? (request.body ?? "") : undefined,
        redirect: "error",
        signal: AbortSignal.timeout(5000),
      }).catch(() => undefined);
      if (answer === undefined) return reply.code(503).header("retry-after", "5").send({ code: "server.unavailable" });
      for (const name of ["content-type", "retry-after"]) {
        if (answer.headers.has(name)) reply.header(name, answer.headers.get(name));
      }
      const body = Buffer.from(await answer.arrayBuffer());
      const pendingId = path.endsWith("/begin") ? readPendingId(body) : undefined;
      if (pendingId) onBegun(authorization.replace(/^Bearer /i, ""), pendingId);
      return reply.code(answer.status).send(body);
    } });
  });
}
