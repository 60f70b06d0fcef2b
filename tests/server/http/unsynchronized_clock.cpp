// SPDX-License-Identifier: Apache-2.0
// Preloaded into a server under test: the kernel says that its clock is not synchronized, whatever the
// machine's own is, so that a jump is held until an operator confirms it.
#include <sys/timex.h>

extern "C" int adjtimex(timex* state) {
    state->status |= STA_UNSYNC;
    return TIME_ERROR;
}
