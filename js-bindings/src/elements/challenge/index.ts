// SPDX-License-Identifier: Apache-2.0
export { CountersignChallenge } from "./challenge.js";
