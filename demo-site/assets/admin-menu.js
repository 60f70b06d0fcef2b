// SPDX-License-Identifier: Apache-2.0

// The sidebar as a menu on narrow screens. Without script it stays open.

const menu = document.getElementById("menu");
const button = document.getElementById("menu-button");

function show(open) {
  menu.classList.toggle("closed", !open);
  button.setAttribute("aria-expanded", String(open));
}

button.addEventListener("click", () => show(menu.classList.contains("closed")));
menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || button.offsetParent === null) return;
  show(false);
  button.focus();
});
show(false);
