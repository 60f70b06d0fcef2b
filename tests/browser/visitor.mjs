// SPDX-License-Identifier: Apache-2.0

/** One browser without its pages: the cookies of the bank, and posts as from the bank's own origin. */
export class Visitor {
  #cookies = new Map();

  constructor(site) {
    this.site = site;
  }

  get #cookie() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async post(path, body, { type = "application/json", authorization = "" } = {}) {
    const headers = { origin: this.site.bank, cookie: this.#cookie, "content-type": type, ...(authorization && { authorization }) };
    const answer = await fetch(this.site.bank + path, { method: "POST", headers, body, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^(\w+)=([^;]*)/.exec(line);
      this.#cookies.set(name, value);
    }
    return answer;
  }

  postForm(path, fields) {
    return this.post(path, new URLSearchParams(fields).toString(), { type: "application/x-www-form-urlencoded" });
  }

  /** @returns where it leads */
  async givePassword({ email, password }, path = "/login") {
    return (await this.postForm(path, { email, password })).headers.get("location");
  }

  /** @returns the token that a page would be given */
  async session(path) {
    return (await (await this.post(path, "{}")).json()).token;
  }

  /** What an element would call. @returns the answer's body */
  async call(token, path, body = {}) {
    return (await this.post(`/countersign/w/${path}`, JSON.stringify(body), { authorization: `Bearer ${token}` })).json();
  }

  /** @returns the status */
  async tell(path) {
    const answer = await this.post(path, "{}");
    await answer.arrayBuffer();
    return answer.status;
  }

  done() {
    return this.tell("/login/set-up/done");
  }

  async mayEnter(path = "/account") {
    const answer = await fetch(this.site.bank + path, { headers: { cookie: this.#cookie }, redirect: "manual" });
    await answer.arrayBuffer();
    return answer.status === 200;
  }
}
