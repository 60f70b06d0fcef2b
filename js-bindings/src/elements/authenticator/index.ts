// SPDX-License-Identifier: Apache-2.0
export { CountersignAuthenticator } from "./authenticator.js";
