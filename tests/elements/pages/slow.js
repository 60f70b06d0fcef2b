// SPDX-License-Identifier: Apache-2.0
// Sent only after the element is defined: until then the parser waits here.
