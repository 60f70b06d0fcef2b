// SPDX-License-Identifier: Apache-2.0
// Reads QR codes from a video: by the browser's own detector where it knows QR codes, else by the ponyfill,
// whose code and wasm are loaded only now and from this site only.

/** The text of each QR code in the picture. */
export type QrReader = (picture: HTMLVideoElement) => Promise<string[]>;

interface Detector {
  detect(picture: HTMLVideoElement): Promise<readonly { rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** @param wasm - address of `zxing_reader.wasm`; rejects when neither detector can be had */
export async function openQrReader(wasm: URL): Promise<QrReader> {
  const detector = (await nativeDetector()) ?? (await loadedDetector(wasm));
  return async (picture) => (await detector.detect(picture)).map(({ rawValue }) => rawValue);
}

async function nativeDetector(): Promise<Detector | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  const formats = (await BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  return BarcodeDetector && formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : undefined;
}

async function loadedDetector(wasm: URL): Promise<Detector> {
  const { BarcodeDetector, prepareZXingModule } = await import("barcode-detector/ponyfill");
  // Without `locateFile` the reader would fetch its wasm from a stranger's server.
  await prepareZXingModule({ overrides: { locateFile: () => wasm.href }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
