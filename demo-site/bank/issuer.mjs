// SPDX-License-Identifier: Apache-2.0

/** The bank's name in authenticator apps and in Countersign's mail. */
export const issuer = "Harbor Bank";
