// SPDX-License-Identifier: Apache-2.0
// The authenticator's camera: a QR code goes in as pixels of a (fake) video device.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadCore } from "countersign";
import { launch, openPage } from "./browser.mjs";
import { checkAccessible, checkSizes } from "./checks.mjs";
import { startSite } from "./site.mjs";

const core = await loadCore();
const bank = "otpauth://totp/Harbor%20Bank:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Harbor%20Bank";
let site, folder, studio;
before(async () => {
  site = await startSite();
  studio = await launch();
  folder = await mkdtemp(join(tmpdir(), "countersign-camera-"));
});
after(async () => {
  await studio?.close();
  await site?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** A video of one picture: the text as a QR code, or a white wall. */
async function film(text) {
  const page = await openPage(studio, `${site.origin}/pages/sent.html`, { viewport: { width: 640, height: 480 } });
  const svg = text === undefined ? "" : `data:image/svg+xml,${encodeURIComponent(core.qrSvg(text))}`;
  await page.evaluate(async (src) => {
    document.body.textContent = "";
    if (!src) return;
    const image = document.body.appendChild(new Image(440, 440));
    image.src = src;
    await image.decode();
  }, svg);
  const path = join(folder, `${Math.random().toString(36).slice(2)}.mjpeg`);
  await writeFile(path, await page.screenshot({ type: "jpeg", quality: 90 }));
  await page.context().close();
  return path;
}

async function withCamera(video, use, { allow = true, ...options } = {}) {
  const devices = video ? ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${video}`] : [];
  const browser = await launch([...devices, ...(allow ? ["--use-fake-ui-for-media-stream"] : [])]);
  try {
    site.seen.length = 0;
    const page = await openPage(browser, `${site.origin}/pages/authenticator.html`, options);
    await page.getByRole("button", { name: "Scan a QR code" }).click();
    await use(page);
    page.check();
  } finally {
    await browser.close();
  }
}

const rowCode = (page) => page.locator(".entry .code");
const cameras = (page) => page.evaluate(() => window.tracks.map(({ readyState }) => readyState));
/** Keeps the tracks that the page gets, to see them ended. */
const keepTracks = (page) => page.addInitScript(() => {
  window.tracks = [];
  const media = navigator.mediaDevices;
  const real = media.getUserMedia.bind(media);
  media.getUserMedia = async (wish) => {
    const stream = await real(wish);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
});

test("a QR code before the camera becomes an entry, by a reader from this site alone, and the camera stops", async () => {
  await withCamera(await film(bank), async (page) => {
    await rowCode(page).waitFor();
    assert.match(await rowCode(page).innerText(), /^\d{3} \d{3}$/u);
    assert.equal(await page.locator(".issuer").innerText(), "Harbor Bank");
    assert.ok(site.seen.some(({ url }) => url === "/dist/zxing_reader.wasm"), "our own copy of the reader");
    assert.deepEqual(await cameras(page), ["ended"]);
  }, { prepare: keepTracks });
});

test("the browser's own detector is used where it reads QR codes, and ours is not loaded", async () => {
  await withCamera(await film(), async (page) => {
    await rowCode(page).waitFor();
    assert.ok(!site.seen.some(({ url }) => /zxing|ponyfill/u.test(url)));
  }, {
    prepare: (page) => page.addInitScript((text) => {
      window.BarcodeDetector = class {
        static getSupportedFormats = async () => ["qr_code"];
        detect = async () => [{ rawValue: text }];
      };
    }, bank),
  });
});

test("a QR code of something else is told, and the camera goes on looking", async () => {
  await withCamera(await film("https://example.org/menu"), async (page) => {
    await page.getByText("That QR code is not for an authenticator.").waitFor();
    assert.deepEqual(await cameras(page), ["live"]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "No entries yet" }).waitFor();
    assert.deepEqual(await cameras(page), ["ended"]);
  }, { prepare: keepTracks });
});

test("a counter-based code before the camera is refused with a sentence [L26]", async () => {
  await withCamera(await film("otpauth://hotp/Acme:eva?secret=GEZDGNBVGY3TQOJQ&counter=1"), async (page) => {
    await page.getByText("time-based codes only, so nothing was added").waitFor();
    assert.equal(await rowCode(page).count(), 0);
  });
});

test("when no code is found the page says how to hold it, and that screen is accessible", async () => {
  await withCamera(await film(), async (page) => {
    await page.getByText("Hold the QR code in front of the camera.").waitFor();
    await checkAccessible(page, "camera");
    await checkSizes(page, "countersign-authenticator", "camera");
    await page.clock.fastForward(11_000);
    await page.getByText("No QR code found yet.").waitFor();
  }, { prepare: (page) => page.clock.install(), viewport: { width: 320, height: 700 }, colorScheme: "dark" });
});

test("without a camera, without leave, and without the reader there is a sentence and another way", async () => {
  const way = async (page, sentence) => {
    await page.getByText(sentence).waitFor();
    await checkAccessible(page, sentence);
    await page.getByRole("button", { name: "Paste a link or a key" }).click();
    await page.getByLabel("Set-up link").fill(bank);
    await page.keyboard.press("Enter");
    await rowCode(page).waitFor();
  };
  await withCamera(undefined, (page) => way(page, "No camera was found on this device."));
  await withCamera(await film(), (page) => way(page, "The camera is blocked for this site."), { allow: false });
  await withCamera(await film(bank), (page) => way(page, "The part that reads QR codes did not load."), {
    prepare: (page) => page.route("**/zxing_reader.wasm", (route) => route.abort()),
    allowed: /Failed to load resource|falling back|wasm|Aborted/iu,
  });
});
