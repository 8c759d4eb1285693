// Searches the ledger while somebody types: fetches the same page and puts its parts in place. Without it, the button does the same.
// Puts a cell right where it stands: the same form as the page for it, sent by Enter. Without it, that page does the same.

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
  equip();
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

// Every cell that can be put right gets a button; what it says stands in the page, in the language of who looks.
function equip() {
  const table = document.querySelector("table[data-inplace]");
  if (!table) return;
  for (const cell of table.querySelectorAll("td[data-field]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "inplace no-print";
    button.textContent = "✎";
    const device = cell.parentElement.querySelector(".name")?.textContent ?? "";
    button.setAttribute("aria-label", `${table.dataset.inplace}: ${device} ${cell.dataset.head}`);
    button.title = table.dataset.inplace;
    button.addEventListener("click", () => open(table, cell));
    cell.append(button);
  }
}

function open(table, cell) {
  const before = [...cell.childNodes];
  const field = document.createElement("input");
  field.value = cell.dataset.value;
  field.maxLength = 500;
  field.autocomplete = "off";
  field.setAttribute("aria-label", cell.dataset.head);
  const said = document.createElement("small");
  said.id = "inplace-said";
  said.setAttribute("role", "status");
  said.textContent = table.dataset.keys;
  field.setAttribute("aria-describedby", said.id);
  cell.replaceChildren(field, said);
  field.focus();
  field.select();
  const leave = () => {
    cell.replaceChildren(...before);
    cell.querySelector(".inplace")?.focus();
  };
  field.addEventListener("keydown", async (event) => {
    // While Japanese is being converted, Enter and Esc belong to the conversion.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      leave();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const typed = field.value.trim();
    if (!typed || typed === cell.dataset.value.trim()) {
      leave();
      return;
    }
    if (field.readOnly) return;
    field.readOnly = true;
    const trouble = await record(table, cell, typed);
    field.readOnly = false;
    if (trouble) {
      said.className = "trouble";
      said.textContent = trouble;
      field.focus();
    }
  });
  field.addEventListener("blur", () => {
    if (field.isConnected && !field.readOnly && field.value === cell.dataset.value) cell.replaceChildren(...before);
  });
}

// Sends what was typed as the page for it does; gives what is wrong with it, in a sentence.
async function record(table, cell, typed) {
  const { field, value, seen } = cell.dataset;
  const id = cell.parentElement.dataset.id;
  const sent = new URLSearchParams({ id, [field]: typed, [`was.${field}`]: value, [`seen.${field}`]: seen });
  try {
    const answer = await fetch("/devices/edit", { method: "POST", body: sent, redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      await show(new URL(window.location.href), true);
      document.getElementById("inplace").textContent = table.dataset.saved;
      document.querySelector(`tr[data-id="${CSS.escape(id)}"] td[data-field="${field}"] .inplace`)?.focus();
      return "";
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Who was overtaken sees what is there now, and records once more if they still want to.
    cell.dataset.seen = page.querySelector(`[name="seen.${field}"]`)?.value ?? seen;
    const alert = page.querySelector("[role=alert]") ?? page.querySelector("main p");
    return alert?.textContent.replace(/\s+/g, " ").trim() || table.dataset.failed;
  } catch {
    return table.dataset.failed;
  }
}

equip();
