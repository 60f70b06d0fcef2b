// SPDX-License-Identifier: Apache-2.0

// Keeps the page current: the list is read anew when mail comes in, a letter says that there is a newer one.

const news = document.getElementById("news");

function inWords(time) {
  const minutes = Math.floor(Math.max(0, Date.now() - Date.parse(time.dateTime)) / 60_000);
  if (minutes < 1) return "just now";
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}

setInterval(() => {
  for (const time of document.querySelectorAll("time")) time.textContent = inWords(time);
}, 15_000);

const stream = new EventSource("/news");
stream.addEventListener("message", ({ data }) => {
  if (news === null) {
    location.reload();
    return;
  }
  const { id, subject } = JSON.parse(data);
  const link = document.createElement("a");
  link.href = `/mail/${id}`;
  link.textContent = subject;
  news.replaceChildren("New mail: ", link);
});
// A page in the browser's back-and-forward cache must not hold the connection.
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
