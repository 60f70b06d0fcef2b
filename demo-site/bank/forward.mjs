// SPDX-License-Identifier: Apache-2.0

// What the widgets call: /countersign/w/... goes to the server's /v1/w/..., and nothing else does, by the forwarder of
// `countersign/server`. What administers is passed on for the staff alone, whatever token a page has.

import { createForwarder } from "countersign/server";

/** What a call began, as the answer tells it; undefined where nothing was, or another session had. */
function readPendingId(body) {
  try {
    const { ok, pending_id: pendingId } = JSON.parse(new TextDecoder().decode(body));
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
  const forward = createForwarder({ server });
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, async (_request, body) => body);
    scope.route({ method: ["GET", "POST"], url: "/countersign/w/*", handler: async (request, reply) => {
      const path = request.params["*"];
      if (!/^[a-z]+(\/[a-z]+)*$/.test(path)) return reply.callNotFound();
      if (path.split("/")[0] === "admin" && !isStaff(request)) return reply.callNotFound();
      const { authorization = "", "content-type": contentType } = request.headers;
      const { status, headers, body } = await forward({ method: request.method, path, authorization, contentType, body: request.body }, { admin: true });
      reply.headers(headers);
      const pendingId = path.endsWith("/begin") ? readPendingId(body) : undefined;
      if (pendingId) onBegun(authorization.replace(/^Bearer /i, ""), pendingId);
      return reply.code(status).send(Buffer.from(body));
    } });
  });
}
