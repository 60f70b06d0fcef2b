// SPDX-License-Identifier: Apache-2.0
// An administrator: a person with an app who opens sessions of purpose admin by the staff's application key.
import assert from "node:assert/strict";
import { Person } from "./person.mjs";
import { assertPassed } from "./login.mjs";

export class Administrator extends Person {
  static async hire(site, name = "staff") {
    const administrator = new Administrator(site, name);
    await administrator.addApp();
    return administrator;
  }

  /** A challenge of the staff's own key, passed by the app. @returns its id */
  async passedChallenge() {
    const login = await this.login({ key: this.site.staffToken });
    const passed = await login.byApp();
    await assertPassed(login, passed);
    return login.challenge;
  }

  askAdminSession(challenge, { key = this.site.staffToken, scopes = ["policy", "unlock", "codes", "audit"], ...fields } = {}) {
    return this.call("POST", "/v1/sessions", key, { user: this.user, purpose: "admin", scopes, challenge, ...fields });
  }

  /** Signs in to the dashboard. @returns the token */
  async signIn(scopes) {
    const opened = await this.askAdminSession(await this.passedChallenge(), scopes ? { scopes } : {});
    assert.equal(opened.status, 201, opened.text);
    return opened.json.token;
  }

  /** Issues a backup code. @returns the answer */
  async issueCode(session, user, fields = {}) {
    return this.call("POST", "/v1/w/admin/backupcode", session, { user, reason: "lost phone", code: await this.code(), ...fields });
  }
}
