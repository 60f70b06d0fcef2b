// SPDX-License-Identifier: Apache-2.0
import { probe } from "./probe.mjs";

postMessage(await probe());
