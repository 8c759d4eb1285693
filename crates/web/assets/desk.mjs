// What makes the pages quicker. Everything works without it.

// "/" goes to the search field, as in many programs; not while somebody types.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector("[data-search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select?.();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// A sentence about what was just done is said once: a reload does not say it again.
const here = new URL(window.location.href);
if (here.searchParams.has("said")) {
  here.searchParams.delete("said");
  window.history.replaceState(null, "", here);
}

// A form that was sent is not sent twice by an impatient second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "yes";
    window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  }
});
