// SPDX-License-Identifier: Apache-2.0

// The headers of every answer, of the bank, the authenticator and the inbox: pages, files, errors alike.

export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "media-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types countersign lit-html",
].join("; ");

const commonHeaders = {
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

export const bankHeaders = {
  ...commonHeaders,
  // Not "no-referrer": with it a browser sends "Origin: null" with the bank's own forms.
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-write=(self)",
};

export const authenticatorHeaders = {
  ...commonHeaders,
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(self), microphone=(), geolocation=(), clipboard-write=(self), clipboard-read=(self)",
};

export const inboxHeaders = {
  ...commonHeaders,
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-write=()",
};
