// SPDX-License-Identifier: Apache-2.0
import { CountersignAuthenticator } from "./authenticator.js";

if (!customElements.get("countersign-authenticator")) {
  customElements.define("countersign-authenticator", CountersignAuthenticator);
}
