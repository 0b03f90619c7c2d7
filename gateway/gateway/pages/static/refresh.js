// Keeps a part of a page fresh while it is looked at: an element with data-refresh="/address/of/the/part".
"use strict";

const EVERY = 2000;

function keepFresh(part) {
  const announcement = document.getElementById(`${part.id}-changed`);
  let shown = null;

  async function refresh() {
    const answer = await fetch(part.dataset.refresh, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      location.reload(); // the session ended: the page itself knows the way to sign in
      return;
    }
    if (!answer.ok) return;
    const text = await answer.text();
    if (shown !== null && text !== shown) {
      const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
      part.innerHTML = text;
      if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
      if (announcement) announcement.textContent = announcement.dataset.sentence;
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
}

for (const part of document.querySelectorAll("[data-refresh]")) keepFresh(part);
