// Small comforts; every page works without them.
"use strict";

// Menus close on Escape, on a click elsewhere, and when another one opens.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// What is wrong with a form is read out first.
document.querySelector("[data-focus]")?.focus();

// A double click sends a form once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const now = Date.now();
  if (now - (form.dataset.sent || 0) < 2000) event.preventDefault();
  else form.dataset.sent = now;
});

// Filters that apply as soon as they change; their button is there for everybody else.
for (const field of document.querySelectorAll("form[data-live] select")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
