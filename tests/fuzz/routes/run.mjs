// SPDX-License-Identifier: Apache-2.0
// Fuzzes every route over a real service for so many seconds: `node tests/fuzz/routes/run.mjs PROGRAM [SECONDS]`, where
// PROGRAM is fuzz_routes of a build by clang with COUNTERSIGN_FUZZ, COUNTERSIGN_BUILD_SERVER and the preset fuzz's
// sanitizers. No part of the suite: such a build takes too long for it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contractInputs, contractText } from "./contract.mjs";

const [program, seconds = "60"] = process.argv.slice(2);
// In memory, where the machine has such a place: a store there costs no disk.
const place = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "countersign-fuzz-"));
const inputs = join(place, "inputs");
mkdirSync(inputs);
writeFileSync(join(place, "contract"), contractText());
contractInputs().forEach((input, i) => writeFileSync(join(inputs, `first-${i}`), input));
const { status } = spawnSync(program, [`-max_total_time=${seconds}`, "-max_len=2000", "-timeout=20", "-print_final_stats=1", inputs],
  { stdio: "inherit", env: { ...process.env, TMPDIR: place, COUNTERSIGN_FUZZ_CONTRACT: join(place, "contract") } });
rmSync(place, { recursive: true });
process.exitCode = status ?? 1;
