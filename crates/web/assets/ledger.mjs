// Searches the ledger while somebody types: fetches the same page and puts its parts in place. Without it, the button does the same.

const form = document.querySelector("[data-ledger]");
const parts = ["counted", "acts", "chips", "filters", "kept", "found"];
const patience = 120;
let waiting = 0;
let asking = null;

function address() {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (value) url.searchParams.append(name, value);
  }
  return url;
}

async function show(url, replace) {
  asking?.abort();
  asking = new AbortController();
  const found = document.getElementById("found");
  found.setAttribute("aria-busy", "true");
  found.classList.add("busy");
  try {
    const answer = await fetch(url, { signal: asking.signal, headers: { accept: "text/html" } });
    if (!answer.ok || new URL(answer.url).pathname !== url.pathname) {
      window.location.assign(url);
      return;
    }
    put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (replace) window.history.replaceState({ ledger: true }, "", url);
    else window.history.pushState({ ledger: true }, "", url);
  } catch (problem) {
    if (problem.name !== "AbortError") window.location.assign(url);
  }
}

// What somebody works in keeps the focus: the field that is typed into is never replaced, and a choice is found again by its name.
function put(page) {
  const focused = document.activeElement?.name;
  for (const id of parts) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (!fresh || !old) continue;
    old.replaceWith(document.adoptNode(fresh));
  }
  if (focused && document.activeElement === document.body) {
    form.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus();
  }
}

if (form) {
  form.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    if (event.isComposing) return;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => show(address(), true), patience);
  });
  form.addEventListener("compositionend", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => show(address(), true), patience);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) show(address(), false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(waiting);
    show(address(), false);
  });
  // Back and forward ask again, so that fields and table agree.
  window.addEventListener("popstate", () => window.location.reload());
}
