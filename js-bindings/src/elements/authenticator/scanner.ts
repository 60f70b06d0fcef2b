// SPDX-License-Identifier: Apache-2.0
// Camera -> texts of QR codes. Knows nothing of entries or of what is drawn around the video.

import { openQrReader, type QrReader } from "./qr-reader.js";

export type CameraTrouble = "denied" | "missing" | "taken" | "insecure" | "reader";

/** Some 7 looks a second: a phone held still is read at once, and an old laptop stays cool. */
const lookEveryMs = 140;

export class CameraError extends Error {
  constructor(readonly trouble: CameraTrouble) {
    super(trouble);
  }
}

/** One use of the camera, from `start` to `stop`. */
export class Scanner {
  #stream: MediaStream | undefined;
  #stopped = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly readerWasm: URL,
    /** Called for each text seen, as often as it is seen. */
    private readonly onText: (text: string) => void,
  ) {}

  /** Rejects with `CameraError`; resolves when the picture runs. */
  async start(): Promise<void> {
    const [stream, reader] = await Promise.allSettled([openCamera(), openQrReader(this.readerWasm)]);
    if (stream.status === "fulfilled") this.#stream = stream.value;
    if (this.#stopped || stream.status === "rejected" || reader.status === "rejected") {
      this.stop();
      if (stream.status === "rejected") throw stream.reason;
      if (reader.status === "rejected") throw new CameraError("reader");
      return;
    }
    this.video.srcObject = stream.value;
    await this.video.play().catch(() => undefined);
    void this.#look(reader.value);
  }

  stop(): void {
    this.#stopped = true;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.video.srcObject = null;
  }

  async #look(read: QrReader): Promise<void> {
    while (!this.#stopped) {
      const texts = this.video.readyState >= 2 ? await read(this.video).catch(() => []) : [];
      for (const text of texts) if (!this.#stopped) this.onText(text);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }
}

async function openCamera(): Promise<MediaStream> {
  // Undefined on a page that is neither https nor localhost, whatever the type says.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new CameraError("insecure");
  try {
    return await devices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
  } catch (error) {
    throw new CameraError(troubleOf(error instanceof DOMException ? error.name : ""));
  }
}

function troubleOf(name: string): CameraTrouble {
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "taken";
}

export const cameraSentences: Readonly<Record<CameraTrouble, string>> = {
  denied: "The camera is blocked for this site. Allow it in the site settings beside the address, or paste the key instead.",
  missing: "No camera was found on this device. Paste the key instead.",
  taken: "The camera does not start. Close other programs that use it and try again, or paste the key instead.",
  insecure: "The camera works on secure pages (https) only. Paste the key instead.",
  reader: "The part that reads QR codes did not load. Check your connection and try again, or paste the key instead.",
};
