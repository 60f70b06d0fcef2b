/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into the server under test: it would hide its memory from us too, which is what it should. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int prctl(int option, ...) {
    unsigned long values[4];
    va_list rest;
    va_start(rest, option);
    for (int i = 0; i < 4; ++i) values[i] = va_arg(rest, unsigned long);
    va_end(rest);
    if (option == PR_SET_DUMPABLE) return 0;
    return (int)syscall(SYS_prctl, option, values[0], values[1], values[2], values[3]);
}
