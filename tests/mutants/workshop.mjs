// SPDX-License-Identifier: Apache-2.0
// Where mutants are made: a copy of the sources, and the compiler's and linker's own commands from the release
// build. A mutant is that build with one object replaced, so each costs one compilation and one link.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const root = process.cwd();

function run(command, cwd) {
  const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", command], { cwd, encoding: "utf8" });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

/** `text` quoted for the shell. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export class Workshop {
  #build;
  #scratch;
  #commands;
  #links = new Map();

  /** @param build folder of the release build @param scratch a folder of our own */
  constructor(build, scratch) {
    this.#build = resolve(build);
    this.#scratch = resolve(scratch);
    this.#commands = JSON.parse(readFileSync(join(this.#build, "compile_commands.json"), "utf8"));
    rmSync(this.#scratch, { recursive: true, force: true });
    for (const part of ["core/include", "core/src", "server/src"]) {
      mkdirSync(join(this.#scratch, part), { recursive: true });
      cpSync(part, join(this.#scratch, part), { recursive: true });
    }
  }

  /** Plants the bug; throws when the patch does not apply. */
  plant(mutant) {
    const { ok, output } = run(`patch -p1 --fuzz=1 --no-backup-if-mismatch -r - < ${quoted(resolve(mutant.patch))}`, this.#scratch);
    if (!ok) throw new Error(`the patch does not apply:\n${output}`);
  }

  restore(mutant) {
    cpSync(mutant.source, join(this.#scratch, mutant.source));
  }

  /** Compiles the copy of one source and links the program with it. @returns the program's path */
  make(source, program) {
    const object = this.#compile(source);
    const made = join(this.#scratch, program);
    const link = this.#linkOf(program);
    const theirs = this.#objectOf(source);
    // One of the program's own objects is replaced; one of an archive is never taken where ours stands before it.
    const words = link.split(" ");
    const command = words.includes(theirs)
      ? words.map((word) => (word === theirs ? quoted(object) : word)).join(" ")
      : link.replace(` -o bin/${program} `, (output) => `${output}${quoted(object)} `);
    const { ok, output } = run(command.replace(` -o bin/${program} `, ` -o ${quoted(made)} `), this.#build);
    if (!ok) throw new Error(`does not link:\n${output}`);
    return made;
  }

  #entryOf(source) {
    const path = join(root, source);
    const entry = this.#commands.find(({ file }) => file === path);
    if (entry === undefined) throw new Error(`${source} is not compiled in ${this.#build}`);
    return entry;
  }

  #objectOf(source) {
    const { command } = this.#entryOf(source);
    return / -o (\S+)/.exec(command)[1];
  }

  #compile(source) {
    const { command, directory, file } = this.#entryOf(source);
    const object = join(this.#scratch, "mutant.o");
    rmSync(object, { force: true });
    const ours = command.replace(/ -o \S+/, ` -o ${quoted(object)}`).replace(` -c ${file}`, ` -c ${quoted(join(this.#scratch, source))}`);
    const { ok, output } = run(ours, directory);
    if (!ok || !existsSync(object)) throw new Error(`does not compile:\n${output}`);
    return object;
  }

  #linkOf(program) {
    if (!this.#links.has(program)) {
      const { ok, output } = run(`ninja -t commands bin/${program}`, this.#build);
      if (!ok) throw new Error(`ninja does not know how ${program} is linked:\n${output}`);
      const command = output.trimEnd().split("\n").at(-1);
      if (!command.includes(` -o bin/${program} `)) throw new Error(`not a link of ${program}: ${command}`);
      this.#links.set(program, command);
    }
    return this.#links.get(program);
  }
}
