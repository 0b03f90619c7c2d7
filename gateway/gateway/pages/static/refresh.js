// Keeps a part of a page fresh while it is looked at: an element with data-refresh="/address/of/the/part".
// With data-changes="/address/of/a/stream" it is told when to ask again; asking now and then is what remains of polling.
"use strict";

const EVERY = 2000;
const EVERY_WHEN_TOLD = 15000;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60000;

// How the browser itself would write this HTML: to compare it with what the page came with.
function asShown(text) {
  const sheet = document.createElement("template");
  sheet.innerHTML = text;
  return sheet.innerHTML;
}

// The part itself: asks for it, shows it where it differs, one question at a time.
function freshPart(part) {
  const announcement = document.getElementById(`${part.id}-changed`);
  let shown = null;
  let asking = null;
  let again = false;

  async function ask() {
    const answer = await fetch(part.dataset.refresh, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      location.reload(); // the session ended: the page itself knows the way to sign in
      return;
    }
    if (!answer.ok) return;
    const text = await answer.text();
    if (shown === null ? asShown(text) !== part.innerHTML : text !== shown) {
      const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
      part.innerHTML = text;
      if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
      if (announcement) announcement.textContent = announcement.dataset.sentence;
    }
    shown = text;
  }

  async function askUntilNothingIsNew() {
    do {
      again = false;
      await ask();
    } while (again);
  }

  // Whoever wants to know while a question is on its way gets an answer to a later one.
  return function refresh() {
    again = asking !== null;
    asking ??= askUntilNothingIsNew()
      .catch(() => {}) // away for a moment: the next round asks again
      .finally(() => { asking = null; });
    return asking;
  };
}

// The stream beside it: opened while the page is seen, again after a pause that doubles, until it stands.
function toldBy(address, { onChange, onBreak }) {
  let source = null;
  let wait = FIRST_WAIT;
  let timer = 0;

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function open() {
    close();
    source = new EventSource(address);
    source.addEventListener("open", () => {
      wait = FIRST_WAIT;
      onChange(); // what happened before the stream stood was not told
    });
    source.addEventListener("changed", onChange);
    source.addEventListener("ended", () => {
      close();
      onChange();
    });
    source.addEventListener("error", () => {
      close();
      onBreak();
      timer = setTimeout(open, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  return { open, close, stands: () => source?.readyState === EventSource.OPEN };
}

function keepFresh(part) {
  const refresh = freshPart(part);
  const stream = part.dataset.changes && "EventSource" in window
    ? toldBy(part.dataset.changes, { onChange: lookAgain, onBreak: askFromNowOn })
    : null;
  let timer = 0;
  let isTold = false;

  function lookAgain() {
    refresh();
    watchSoon();
  }

  function askFromNowOn() {
    if (isTold) watchSoon(); // tries that fail one after the other do not put the next question off
  }

  function watchSoon() {
    isTold = stream?.stands() ?? false;
    clearTimeout(timer);
    timer = setTimeout(watch, isTold ? EVERY_WHEN_TOLD : EVERY);
  }

  async function watch() {
    if (document.visibilityState !== "visible") return;
    await refresh();
    watchSoon();
  }

  // A page that nobody sees asks nothing and holds no connection.
  function turn() {
    if (document.visibilityState === "visible") {
      if (stream) {
        stream.open(); // which asks as soon as it stands
        watchSoon();
      } else {
        watch();
      }
    } else {
      clearTimeout(timer);
      stream?.close();
    }
  }

  document.addEventListener("visibilitychange", turn);
  turn();
}

for (const part of document.querySelectorAll("[data-refresh]")) keepFresh(part);
