// SPDX-License-Identifier: Apache-2.0
// What an operator installs: the files of `cmake --install`, and the Debian package made of them. COUNTERSIGN_FULL=1 takes the package
// through a bare Debian as well.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { countersign, root } from "../server/http/site.mjs";

const buildRoot = process.env.COUNTERSIGN_BUILD ?? join(root, "build");
const scratch = mkdtempSync(join(tmpdir(), "countersign-package-"));
const folder = join(scratch, "package");
const tree = join(scratch, "tree");
const say = (command, ...args) => execFileSync(command, args, { encoding: "utf8", cwd: root, env: { ...process.env, LC_ALL: "C.UTF-8" } });
const pack = (...args) => say("scripts/package", "--no-build", "--out", folder, ...args);

let deb;
/** Every entry of the package: mode, owner, path. */
let entries;

before(() => {
  pack();
  [deb] = readdirSync(folder).map((name) => join(folder, name));
  entries = say("dpkg-deb", "-c", deb).trim().split("\n").map((line) => {
    const [mode, owner, , , , path] = line.split(/\s+/);
    return { mode, owner, path: path.slice(1) };
  });
  say("dpkg-deb", "-R", deb, tree);
});
after(() => rmSync(scratch, { recursive: true }));

const field = (name) => say("dpkg-deb", "-f", deb, name).trim();

test("the package says what it is and needs what the binary links", () => {
  const version = readFileSync(join(root, "CMakeLists.txt"), "utf8").match(/project\(countersign VERSION ([\d.]+)/)[1];
  assert.equal(field("Package"), "countersign");
  assert.equal(field("Version"), `${version}-1`);
  assert.equal(field("Architecture"), say("dpkg", "--print-architecture").trim());
  assert.match(field("Maintainer"), /^[^<]+ <[^@]+@[^@]+>$/);
  assert.ok(Number(field("Installed-Size")) > 1000);
  const [synopsis, ...body] = field("Description").split("\n");
  assert.ok(synopsis.length > 20 && synopsis.length < 80 && body.length > 2, field("Description"));
  const depends = new Map(field("Depends").split(", ").map((one) => one.split(" ")).map(([name, ...version]) => [name, version.join(" ")]));
  assert.ok(depends.has("adduser"));
  for (const name of ["libc6", "libcurl4", "libsodium23", "libsqlite3-0", "libstdc++6"]) assert.match(depends.get(name) ?? "none", /^\(>= /, name);
  for (const name of depends.keys()) assert.ok(!name.endsWith("-dev"), name);
  const needed = say("objdump", "-p", join(tree, "usr/bin/countersign")).matchAll(/NEEDED\s+(\S+)/g);
  const place = say("dpkg-architecture", "-qDEB_HOST_MULTIARCH").trim();
  const libraries = [...needed].map(([, library]) => library);
  const owners = new Set(say("dpkg", "-S", ...libraries.map((library) => `*/${place}/${library}`)).trim().split("\n").map((line) => line.split(/[:,]/)[0]));
  assert.ok(owners.size >= 10, [...owners].join(" "));
  for (const owner of owners) assert.ok([...depends.keys()].some((name) => name.startsWith(owner.replace(/-dev$/, ""))), `${owner} is linked and not among ${field("Depends")}`);
});

test("the package holds these files, with these modes, and nothing else", () => {
  const files = entries.filter(({ mode }) => !mode.startsWith("d"));
  for (const { mode, owner, path } of entries) {
    assert.equal(owner, "root/root", path);
    const expected = mode.startsWith("d") || path === "/usr/bin/countersign" ? "rwxr-xr-x" : "rw-r--r--";
    assert.equal(mode.slice(1), expected, path);
    assert.ok(/^\/((usr|etc)\/)?$/.test(path) || /^\/(etc\/countersign|usr\/(bin|lib|share))\//.test(path), path);
  }
  const paths = new Set(files.map(({ path }) => path));
  for (const path of [
    "/etc/countersign/countersign.toml", "/usr/bin/countersign", "/usr/lib/systemd/system/countersign.service",
    "/usr/share/countersign/countersign-alerts.yml", "/usr/share/countersign/openapi.yaml", "/usr/share/countersign/mail-templates/code.txt",
    "/usr/share/doc/countersign/LICENSE", "/usr/share/doc/countersign/copyright", "/usr/share/doc/countersign/docs/operating.md",
    "/usr/share/doc/countersign/docs/cli.md", "/usr/share/doc/countersign/examples/countersign.toml",
    "/usr/share/bash-completion/completions/countersign", "/usr/share/zsh/vendor-completions/_countersign",
    "/usr/share/fish/vendor_completions.d/countersign.fish", "/usr/share/man/man1/countersign.1", "/usr/share/man/man5/countersign.toml.5",
  ]) assert.ok(paths.has(path), path);
  const binaries = files.filter(({ path }) => readFileSync(join(tree, path)).subarray(0, 4).toString("latin1") === "\x7fELF").map(({ path }) => path);
  assert.deepEqual(binaries, ["/usr/bin/countersign"]);
});

test("the binary is stripped, position-independent and bound before it runs", () => {
  const binary = join(tree, "usr/bin/countersign");
  assert.doesNotMatch(say("objdump", "-h", binary), /\.(debug_info|symtab)\b/);
  assert.match(say("objdump", "-f", binary), /DYNAMIC/);
  const dynamic = say("objdump", "-p", binary);
  assert.match(dynamic, /RELRO/);
  assert.match(dynamic, /FLAGS\s+0x0*8\b|FLAGS_1\s+0x0*8000001/);
  assert.doesNotMatch(dynamic, /R(UN)?PATH/);
});

test("what dpkg runs is a shell's, ends at an error, and knows every call of dpkg's", () => {
  const control = join(tree, "DEBIAN");
  assert.deepEqual(readdirSync(control).sort(), ["conffiles", "control", "md5sums", "postinst", "postrm", "prerm"]);
  assert.equal(readFileSync(join(control, "conffiles"), "utf8"), "/etc/countersign/countersign.toml\n");
  for (const name of ["postinst", "postrm", "prerm"]) {
    const script = join(control, name);
    assert.equal(statSync(script).mode & 0o777, 0o755, name);
    assert.match(readFileSync(script, "utf8"), /^#!\/bin\/sh\n[\s\S]*\nset -e\n/);
    say("sh", "-n", script);
    // Calls in which there is nothing to do (Debian Policy 6.5), as whoever runs this test: they touch nothing.
    for (const call of { postinst: ["abort-upgrade", "abort-remove", "triggered"], prerm: ["upgrade", "deconfigure", "failed-upgrade"], postrm: ["upgrade", "abort-install", "disappear"] }[name]) {
      const { status, stdout, stderr } = spawnSync("sh", [script, call, "1"], { encoding: "utf8" });
      assert.deepEqual([status, stdout, stderr], [0, "", ""], `${name} ${call}`);
    }
  }
  // No package ever destroys the second factors of people.
  assert.doesNotMatch(readFileSync(join(control, "postrm"), "utf8").replace(/^\s*echo .*/gm, ""), /\brm\b/);
});

test("its checksums are those of its files, the configuration's among them", () => {
  const sums = readFileSync(join(tree, "DEBIAN/md5sums"), "utf8").trim().split("\n");
  assert.equal(sums.length, entries.filter(({ mode }) => !mode.startsWith("d")).length);
  const { status, stderr } = spawnSync("md5sum", ["--check", "--quiet", "DEBIAN/md5sums"], { cwd: tree, encoding: "utf8" });
  assert.equal(status, 0, stderr);
});

/** The example with its commented settings put in force. */
const uncommented = (text) => text.replace(/^#(?=[a-z_]+ = )/gm, "");

test("the example configuration names every setting of the server, and no other", () => {
  const table = readFileSync(join(root, "server/src/cli/settings.cpp"), "utf8");
  const keys = [...table.matchAll(/^ {4}\{"--[\w-]+",\s+"([\w.]+)",/gm)].map(([, key]) => key);
  let section = "";
  const named = readFileSync(join(root, "packaging/countersign.toml"), "utf8").split("\n").flatMap((line) => {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const key = /^#?([a-z_]+) = /.exec(line)?.[1];
    return key ? [section === "" ? key : `${section}.${key}`] : [];
  });
  assert.deepEqual(named.toSorted(), keys.toSorted());
});

test("the example configuration is accepted as it is, and with every setting in force", () => {
  const text = readFileSync(join(tree, "etc/countersign/countersign.toml"), "utf8");
  // The files that it names are there, as an operator would have made them.
  const etc = join(scratch, "etc");
  mkdirSync(etc);
  writeFileSync(join(etc, "smtp.password"), "secret\n", { mode: 0o600 });
  writeFileSync(join(etc, "operator.token"), `${"t".repeat(43)}\n`, { mode: 0o600 });
  cpSync(join(tree, "usr/share/countersign/mail-templates"), join(etc, "mail-templates"), { recursive: true });
  const whole = join(scratch, "whole.toml");
  writeFileSync(whole, uncommented(text).replaceAll("/etc/countersign", etc));
  for (const file of [join(tree, "etc/countersign/countersign.toml"), whole]) {
    const { status, stdout, stderr } = countersign(["config", "--config", file, "--json"]);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /127\.0\.0\.1:4800/);
  }
});

test("cmake --install puts the same under its prefix and touches no /etc", () => {
  const destination = join(scratch, "installed");
  execFileSync("cmake", ["--install", join(buildRoot, "release"), "--component", "server", "--prefix", "/opt/cs"],
    { env: { ...process.env, DESTDIR: destination }, stdio: "pipe" });
  assert.deepEqual(readdirSync(destination), ["opt"]);
  const packed = entries.filter(({ mode, path }) => !mode.startsWith("d") && path.startsWith("/usr/")).map(({ path }) => path.slice("/usr/".length));
  for (const path of packed) assert.ok(existsSync(join(destination, "opt/cs", path)), path);
  assert.match(readFileSync(join(destination, "opt/cs/lib/systemd/system/countersign.service"), "utf8"), /^ExecStart=\/opt\/cs\/bin\/countersign serve /m);
});

const full = process.env.COUNTERSIGN_FULL === "1";
test("a bare Debian installs it, upgrades it, removes it and purges it", { timeout: 900_000 }, (context) => {
  const lacking = !full ? "only with COUNTERSIGN_FULL=1: it makes a bare Debian" : process.getuid() !== 0 ? "needs root"
    : spawnSync("debootstrap", ["--version"]).error ? "debootstrap is not installed" : undefined;
  if (lacking) return context.skip(lacking);
  pack("--version", "99.0.0");
  const bare = process.env.BARE_TREE ?? join(scratch, "bare");
  const inTree = (command) => execFileSync("scripts/bare-tree", [command], { cwd: root, encoding: "utf8", env: { ...process.env, BARE_TREE: bare }, stdio: ["ignore", "pipe", "inherit"] });
  inTree("true");
  rmSync(join(bare, "srv/package"), { recursive: true, force: true });
  mkdirSync(join(bare, "srv/package"), { recursive: true });
  cpSync(folder, join(bare, "srv/package"), { recursive: true });
  cpSync(join(root, "tests/operations/package_drill.sh"), join(bare, "srv/package/drill.sh"));
  const said = inTree("/srv/package/drill.sh /srv/package");
  const claims = readFileSync(join(root, "tests/operations/package_drill.sh"), "utf8").match(/^holds "/gm).length;
  assert.ok(claims > 40 && said.match(/^holds: /gm).length === claims, said);
});
