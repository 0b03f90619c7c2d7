// Sends a large upload straight to the API; without it the form itself does the same for smaller files.
"use strict";

const form = document.querySelector("form[data-upload]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  const status = document.getElementById("upload-status");
  button.disabled = true;
  status.textContent = form.dataset.busy;
  try {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value === "" || value.size === 0) body.delete(name);
    const answer = await fetch(form.dataset.upload, { method: "POST", headers: { "X-CSRF": "1" }, body });
    const told = await answer.json();
    if (answer.ok) {
      location.assign(`${form.action}/${encodeURIComponent(told.id)}`);
      return;
    }
    status.replaceChildren(refusal(told));
  } catch {
    status.textContent = form.dataset.failed;
  }
  button.disabled = false;
});

// Every reason with its place, in the words of the page where it has some.
function refusal(told) {
  const words = JSON.parse(form.dataset.words);
  const notice = document.createElement("div");
  notice.className = "notice error";
  const list = notice.appendChild(document.createElement("ul"));
  const reasons = (told.errors ?? []).map(({ pointer, code, detail }) => [pointer.replace(/^\/(bundle\/)?/, ""), words[code] ?? detail]);
  for (const [place, sentence] of reasons.length ? reasons : [["", told.detail]]) {
    const item = document.createElement("li");
    item.textContent = place ? `${place}: ${sentence}` : sentence;
    list.append(item);
  }
  return notice;
}
