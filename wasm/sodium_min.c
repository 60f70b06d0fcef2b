// SPDX-License-Identifier: Apache-2.0
// What libsodium wants from its surroundings, for WebAssembly: start-up, misuse, random bytes. The stock
// generator asks JavaScript for one byte at a time and does not find Node's; this one asks once for up to
// 64 KiB, of the `crypto` that pages, workers and Node (20 and later) share.
#include <emscripten.h>
#include <stddef.h>
#include <stdint.h>

#include "sodium/core.h"
#include "sodium/randombytes.h"

// 65536 bytes is the most that getRandomValues gives at a time.
EM_JS(int, countersign_fill_random, (unsigned char* data, size_t size), {
  try {
    for (var at = 0; at < size; at += 65536)
      crypto.getRandomValues(HEAPU8.subarray(data + at, data + Math.min(at + 65536, size)));
    return 0;
  } catch (e) {
    return 1;
  }
});

int sodium_init(void) { return 0; }

// A caller broke the contract: stop here rather than go on with something weaker.
void sodium_misuse(void) { __builtin_trap(); }

void randombytes_buf(void* const data, const size_t size) {
  if (size != 0 && countersign_fill_random((unsigned char*)data, size) != 0) __builtin_trap();
}

uint32_t randombytes_random(void) {
  uint32_t value;
  randombytes_buf(&value, sizeof value);
  return value;
}

// Values under 2^32 mod bound are drawn again, so that every result is equally likely.
uint32_t randombytes_uniform(const uint32_t upper_bound) {
  if (upper_bound < 2) return 0;
  const uint32_t least = (0U - upper_bound) % upper_bound;
  uint32_t value;
  do value = randombytes_random();
  while (value < least);
  return value % upper_bound;
}
