// SPDX-License-Identifier: Apache-2.0
// crypto_pwhash_argon2id without libsodium's text form, which would bring in base64 and printf, and with the
// matrix wiped: libsodium trusts the operating system to take it back, but the heap of a WebAssembly module
// never shrinks. The hashing itself is libsodium's, unchanged.
#include <stddef.h>
#include <stdint.h>

#include "argon2.h"
#include "core.h"
#include "crypto_pwhash_argon2id.h"

int crypto_pwhash_argon2id(unsigned char* const out, unsigned long long outlen, const char* const passwd,
                           unsigned long long passwdlen, const unsigned char* const salt,
                           unsigned long long opslimit, size_t memlimit, int alg) {
  if (alg != crypto_pwhash_argon2id_ALG_ARGON2ID13 || outlen > UINT32_MAX || passwdlen > UINT32_MAX ||
      opslimit > UINT32_MAX)
    sodium_misuse();
  argon2_context context = {0};
  context.out = out;
  context.outlen = (uint32_t)outlen;
  context.pwd = (uint8_t*)passwd;
  context.pwdlen = (uint32_t)passwdlen;
  context.salt = (uint8_t*)salt;
  context.saltlen = crypto_pwhash_argon2id_SALTBYTES;
  context.t_cost = (uint32_t)opslimit;
  context.m_cost = (uint32_t)(memlimit / 1024U);
  context.lanes = 1;
  context.threads = 1;
  context.flags = ARGON2_FLAG_CLEAR_MEMORY;
  return argon2_ctx(&context, Argon2_id) == ARGON2_OK ? 0 : -1;
}
