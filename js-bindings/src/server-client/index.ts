// SPDX-License-Identifier: Apache-2.0

// `countersign/server`: for the back end of a site, in Node.js from 20.19; needs nothing else. The contract is
// server/openapi.yaml.

export { CountersignServer, type CountersignServerOptions } from "./client.js";
export { CountersignServerError, type ClientErrorCode } from "./error.js";
export { createForwarder, type ForwarderOptions, type WidgetAnswer, type WidgetCall } from "./forward.js";
export type {
  AdminScope, AdminSessionRequest, ChallengeSessionRequest, ManageSessionRequest, Method, MethodsAnswer, OpenedSession,
  Proof, RedeemAnswer, RedeemRequest, SessionRequest, VerifyAnswer, VerifyRequest,
} from "./types.js";
