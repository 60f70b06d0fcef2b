// SPDX-License-Identifier: Apache-2.0
// Reads QR codes from a screenshot, as a phone would: by an independent reader, from pixels.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
const ready = readFile(wasm).then((bytes) => prepareZXingModule({ overrides: { wasmBinary: bytes.buffer }, fireImmediately: true }));

/** @returns the texts of the QR codes in a PNG */
export async function readQr(png) {
  await ready;
  const found = await readBarcodes(new Blob([png]), { formats: ["QRCode"], tryHarder: true });
  return found.map(({ text }) => text);
}

/** The least and greatest of each channel in a rectangle of a PNG, by the browser's own decoder. */
export function pixelRange(page, png, { x, y, width, height }) {
  return page.evaluate(
    async ([data, box]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
      canvas.drawImage(image, 0, 0);
      const { data: bytes } = canvas.getImageData(box.x, box.y, box.width, box.height);
      const ink = bytes.filter((_, index) => index % 4 !== 3);
      return [ink.reduce((a, b) => Math.min(a, b)), ink.reduce((a, b) => Math.max(a, b))];
    },
    [png.toString("base64"), { x, y, width, height }],
  );
}
