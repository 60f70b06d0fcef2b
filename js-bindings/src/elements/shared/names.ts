// SPDX-License-Identifier: Apache-2.0

/** What the site calls its users, by their id at the server. */
export type Names = Readonly<Record<string, string>>;

/** The site's name for a user, or the id where it gave none. */
export function nameOf(names: Names, user: string): string {
  return (Object.hasOwn(names, user) ? names[user] : undefined) ?? user;
}
