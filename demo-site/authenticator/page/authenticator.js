// SPDX-License-Identifier: Apache-2.0

import "./countersign/authenticator-define.js";
