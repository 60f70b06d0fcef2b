// SPDX-License-Identifier: Apache-2.0
// In place of libsodium's file of this name: a public key is the secret key times the base point 9, by the
// same ladder as any other product. libsodium takes a faster way there, with a table of 30 KB.
#include <stddef.h>

#include "crypto_scalarmult_curve25519.h"
#include "crypto_scalarmult/curve25519/scalarmult_curve25519.h"
#include "crypto_scalarmult/curve25519/ref10/x25519_ref10.h"
#include "private/ed25519_ref10.h"

// x25519_ref10.c is compiled to call this in place of the function with the table; nobody calls that there.
void countersign_no_base_table(ge25519_p3* point, const unsigned char* scalar) {
  (void)point;
  (void)scalar;
  __builtin_trap();
}

int crypto_scalarmult_curve25519(unsigned char* q, const unsigned char* n, const unsigned char* p) {
  if (crypto_scalarmult_curve25519_ref10_implementation.mult(q, n, p) != 0) return -1;
  // A shared secret of zeros comes from a point of small order.
  volatile unsigned char any = 0;
  for (size_t i = 0; i < crypto_scalarmult_curve25519_BYTES; i++) any |= q[i];
  return -(1 & ((any - 1) >> 8));
}

int crypto_scalarmult_curve25519_base(unsigned char* q, const unsigned char* n) {
  static const unsigned char base[crypto_scalarmult_curve25519_BYTES] = {9};
  return crypto_scalarmult_curve25519(q, n, base);
}
