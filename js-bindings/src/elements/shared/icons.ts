// SPDX-License-Identifier: Apache-2.0
// Line icons of 24 by 24, in the color of the text around them. Decoration only: a word always stands beside.

import { html, type TemplateResult } from "lit";

function icon(path: string): TemplateResult {
  return html`<svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"
  ><path d=${path}></path></svg>`;
}

const circle = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z";

export const goodIcon = icon(`${circle}M8 12.5l2.75 2.75L16 9.5`);
export const badIcon = icon(`${circle}M12 7.5v5.5M12 16.25v.25`);
export const waitIcon = icon(`${circle}M12 7.5V12l3 2`);
export const phoneIcon = icon("M8 2.75h8A1.25 1.25 0 0 1 17.25 4v16A1.25 1.25 0 0 1 16 21.25H8A1.25 1.25 0 0 1 6.75 20V4A1.25 1.25 0 0 1 8 2.75ZM11 18.25h2");
export const copyIcon = icon("M9 9V4.75C9 4.06 9.56 3.5 10.25 3.5h9c.69 0 1.25.56 1.25 1.25v9c0 .69-.56 1.25-1.25 1.25H15M4.75 9h9c.69 0 1.25.56 1.25 1.25v9c0 .69-.56 1.25-1.25 1.25h-9c-.69 0-1.25-.56-1.25-1.25v-9C3.5 9.56 4.06 9 4.75 9Z");
export const cameraIcon = icon("M4.5 7.5h3L9 5h6l1.5 2.5h3A1.5 1.5 0 0 1 21 9v8.5a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5V9a1.5 1.5 0 0 1 1.5-1.5ZM12 16a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5Z");
export const keyIcon = icon("M15 9.25a4.75 4.75 0 1 0-4.2 4.72L12.5 15.75H14.5V17.75H16.5V20.25H20.25V17L14.6 11.3M9.25 8.25v.01");
export const plusIcon = icon("M12 5v14M5 12h14");
export const removeIcon = icon("M4.5 6.5h15M9.5 6V4.25h5V6M6.5 6.5l.75 13h9.5l.75-13M10 10v6M14 10v6");
export const codesIcon = icon("M5.5 3.5h13a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1ZM8 8h.01M11 8h5M8 12h.01M11 12h5M8 16h.01M11 16h5");
export const downloadIcon = icon("M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 19.5h15");
export const printIcon = icon("M7 8.5V4h10v4.5M7 17H4.5v-7.5a1 1 0 0 1 1-1h13a1 1 0 0 1 1 1V17H17M7 14h10v6H7z");
export const questionsIcon = icon(`${circle}M9.5 9.25a2.6 2.6 0 0 1 5 .85c0 1.75-2.5 2-2.5 3.65M12 16.75v.1`);
export const lifebuoyIcon = icon(`${circle}M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5.75 5.75l3.75 3.75M14.5 14.5l3.75 3.75M18.25 5.75L14.5 9.5M9.5 14.5l-3.75 3.75`);
export const mailIcon = icon("M4.75 5.5h14.5a1.25 1.25 0 0 1 1.25 1.25v10.5a1.25 1.25 0 0 1-1.25 1.25H4.75a1.25 1.25 0 0 1-1.25-1.25V6.75A1.25 1.25 0 0 1 4.75 5.5ZM4 7l8 6 8-6");
