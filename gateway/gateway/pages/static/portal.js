// Keeps the tiles fresh: a new assignment appears, a revoked one goes, while the page is looked at.
"use strict";

const tiles = document.getElementById("tiles");
const changed = document.getElementById("tiles-changed");
const EVERY = 2000;
let shown = null;

async function refresh() {
  const answer = await fetch(tiles.dataset.refresh, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    location.reload(); // the session ended: the page itself knows the way to sign in
    return;
  }
  if (!answer.ok) return;
  const text = await answer.text();
  if (shown !== null && text !== shown) {
    const focused = document.activeElement?.closest("#tiles a")?.getAttribute("href");
    tiles.innerHTML = text;
    if (focused) tiles.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    changed.textContent = changed.dataset.sentence;
  }
  shown = text;
}

async function watch() {
  try {
    if (document.visibilityState === "visible") await refresh();
  } catch {
    // away for a moment: the next round asks again
  }
  setTimeout(watch, EVERY);
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") refresh().catch(() => {});
});
watch();
