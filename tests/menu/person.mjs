// SPDX-License-Identifier: Apache-2.0
// A user of the site: what they hold (app, addresses, answers, codes), and what they do in a session of their own.
import assert from "node:assert/strict";
import { beginIn, confirm } from "../server/http/enroll.mjs";
import { newCodes, stretch } from "../server/http/security_codes.mjs";
import { codeOfStep } from "../server/http/totp.mjs";
import { Login } from "./login.mjs";

export const answers = ["Brambleford", "Mister Tuppence", "the old viaduct"];
let lastPerson = 0;

export class Person {
  /** @param {import("./site.mjs").MenuSite} site */
  constructor(site, name = "person") {
    lastPerson += 1;
    this.site = site;
    this.user = `${name}-${lastPerson}`;
    this.email = `${this.user}@example.org`;
    this.otherEmail = `${this.user}@home.example`;
  }

  call(method, path, token, json) {
    return this.site.server.call(method, path, { token, json });
  }

  /** Asks for a session of purpose manage, as the back end does. */
  askSession(fields = {}, key = this.site.token) {
    return this.call("POST", "/v1/sessions", key,
      { user: this.user, purpose: "manage", account: this.user, issuer: "Bank", email: this.email, ...fields });
  }

  async session(fields) {
    const opened = await this.askSession(fields);
    assert.equal(opened.status, 201, opened.text);
    return opened.json.token;
  }

  /** A session that may change things: elevated by the app where there is one. */
  async elevated() {
    const session = await this.session();
    if (this.seed === undefined) return session;
    const done = await this.call("POST", "/v1/w/elevate", session, { method: "totp", code: await this.code() });
    assert.equal(done.json?.ok, true, done.text);
    return session;
  }

  /** A code of the app that was not used yet; time passes where that is needed. */
  async code() {
    const next = Math.max(this.lastStep + 1, this.site.step);
    if (next > this.site.step + 1) await this.site.pass(30);
    this.lastStep = next;
    return codeOfStep(this.seed, next);
  }

  /** Adds an authenticator app. @param {string} [session] elevated where that is needed */
  async addApp(session, fields = {}) {
    const enrollment = await beginIn(this.site.server, session ?? await this.elevated(), this.user, fields);
    const step = this.site.step;
    const confirmed = await confirm(this.site.server, enrollment, codeOfStep(enrollment.seed, step));
    assert.equal(confirmed.json?.ok, true, confirmed.text);
    this.seed = enrollment.seed;
    this.lastStep = step;
    this.appId = confirmed.json.credential_id;
    return this;
  }

  /** OTP over email, or the alternate address. @param {"email"|"alternate"} which */
  async addMail(which, session, address = this.otherEmail) {
    const token = session ?? await this.elevated();
    const to = which === "email" ? this.email : address;
    const before = this.site.mail.count(to);
    const begun = await this.call("POST", `/v1/w/${which}/begin`, token, which === "email" ? {} : { address });
    assert.equal(begun.status, 200, begun.text);
    const code = await this.site.mail.nextCode(to, before);
    const confirmed = await this.call("POST", `/v1/w/${which}/confirm`, token, { pending_id: begun.json.pending_id, code });
    assert.equal(confirmed.json?.ok, true, confirmed.text);
    return { ...begun.json, credentialId: confirmed.json.credential_id };
  }

  async addQuestions(session, given = answers) {
    const token = session ?? await this.elevated();
    const catalog = (await this.call("GET", "/v1/w/questions/catalog", token)).json;
    this.questions = catalog.questions.slice(0, catalog.needed).map(({ id }, index) => ({ id, answer: given[index] }));
    const saved = await this.call("POST", "/v1/w/questions/save", token, { questions: this.questions });
    assert.equal(saved.json?.ok, true, saved.text);
    this.questionsId = saved.json.credential_id;
    return this;
  }

  async addCodes(session) {
    const token = session ?? await this.elevated();
    const { salt } = (await this.call("GET", "/v1/w/codes/salt", token)).json;
    this.codes = newCodes();
    this.salt = salt;
    const replaced = await this.call("POST", "/v1/w/codes/replace", token, { stretched: this.codes.map((code) => stretch(code, salt)) });
    assert.equal(replaced.json?.ok, true, replaced.text);
    this.codesId = replaced.json.credential_id;
    return this;
  }

  choose(session, alternates) {
    return this.call("POST", "/v1/w/alternate/choose", session, { alternates });
  }

  async methods(session) {
    return (await this.call("GET", "/v1/w/methods", session ?? await this.session())).json;
  }

  /** One kind in the list of methods. */
  async method(name, session) {
    return (await this.methods(session)).methods.find(({ method }) => method === name);
  }

  remove(session, credentialId) {
    return this.call("POST", "/v1/w/methods/remove", session, { credential_id: credentialId });
  }

  /** The back end opens a login's second factor. */
  login(fields) {
    return Login.open(this, fields);
  }
}
