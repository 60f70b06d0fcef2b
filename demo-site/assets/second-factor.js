// SPDX-License-Identifier: Apache-2.0

import "./countersign/code-field-define.js";
import { sendCodesOf } from "./send-code.js";

sendCodesOf("countersign-code-field");
