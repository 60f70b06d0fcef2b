// SPDX-License-Identifier: Apache-2.0

import { writeFileSync } from "node:fs";

const frame = { width: 640, height: 480 };

/**
 * Points a camera at something on a page: what is on the screen around it becomes the one frame of a
 * video file. Nothing but the pixels leaves the page.
 */
export async function photograph(page, locator, file) {
  await locator.evaluate((element) => element.scrollIntoView({ block: "center", inline: "center" }));
  const box = await locator.boundingBox();
  const { width, height } = page.viewportSize();
  const place = (start, length, size, room) => Math.max(0, Math.min(start + length / 2 - size / 2, room - size));
  const clip = {
    x: Math.round(place(box.x, box.width, frame.width, width)),
    y: Math.round(place(box.y, box.height, frame.height, height)),
    ...frame,
  };
  writeFileSync(file, await page.screenshot({ type: "jpeg", quality: 90, clip }));
}
