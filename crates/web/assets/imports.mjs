// Files can be dropped anywhere on the page, folders too; and what is being done is told without a reload.

const form = document.querySelector("form[data-drop]");
if (form) receive(form);
const work = document.querySelector("[data-poll]");
if (work) follow(work);

// Asks how far the work is, and opens the page anew when it stands elsewhere.
function follow(section) {
  const bar = section.querySelector("progress");
  const said = section.querySelector("[data-said]");
  const ask = async () => {
    try {
      const answer = await fetch(section.dataset.poll, { credentials: "same-origin" });
      if (answer.redirected || answer.status === 404) return window.location.reload();
      if (answer.ok) {
        const now = await answer.json();
        if (now.state !== section.dataset.state) return window.location.reload();
        said.textContent = now.said;
        if (now.of) {
          bar.max = now.of;
          bar.value = now.done;
        }
      }
    } catch {
      // The server may be starting anew: the next question will tell.
    }
    window.setTimeout(ask, 1000);
  };
  window.setTimeout(ask, 600);
}

function receive(form) {
  const trouble = form.querySelector("[data-trouble]");
  const progress = form.querySelector("[data-progress]");
  const bar = progress.querySelector("progress");
  const said = progress.querySelector("[data-said]");
  let sending = null;
  let depth = 0;

  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) document.body.classList.remove("dropping");
  });
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    document.body.classList.remove("dropping");
    // The entries must be taken before the first pause: afterwards the list is empty.
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const entries = items.map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const plain = [...event.dataTransfer.files];
    const files = entries.length > 0 ? await within(entries) : plain.map((file) => ({ file, path: file.name }));
    send(files);
  });

  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      send([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const inputs = [...form.querySelectorAll("input[type=file]")];
    send(inputs.flatMap((input) => [...input.files]).map((file) => ({ file, path: file.webkitRelativePath || file.name })));
  });
  progress.querySelector("[data-cancel]").addEventListener("click", () => sending?.abort());
  window.addEventListener("beforeunload", (event) => {
    if (sending) event.preventDefault();
  });

  function tell(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  function send(files) {
    if (sending) return;
    delete form.dataset.sent;
    tell("");
    if (files.length === 0) return tell(form.dataset.empty);
    const large = files.find(({ file }) => file.size > Number(form.dataset.fileLimit));
    if (large) return tell(`${large.path}: ${form.dataset.fileTooLarge}`);
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    if (total > Number(form.dataset.limit)) return tell(form.dataset.tooLarge);
    const body = new FormData();
    for (const { file, path } of files) {
      body.append("modified", String(file.lastModified));
      body.append("file", file, path);
    }
    sending = new XMLHttpRequest();
    sending.open("POST", form.action);
    sending.responseType = "document";
    progress.hidden = false;
    said.textContent = form.dataset.sending;
    sending.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) {
        bar.value = (100 * event.loaded) / event.total;
        said.textContent = `${form.dataset.sending} ${Math.floor(bar.value)}%`;
      }
    });
    const end = (text) => {
      sending = null;
      progress.hidden = true;
      bar.value = 0;
      form.reset();
      tell(text);
    };
    sending.addEventListener("load", () => {
      const to = sending.responseURL;
      if (sending.status === 200 && to && !to.endsWith("/imports/upload")) {
        sending = null;
        window.location.assign(to);
        return;
      }
      const told = sending.response?.querySelector("main p");
      end(told?.textContent || form.dataset.lost);
    });
    sending.addEventListener("error", () => end(form.dataset.lost));
    sending.addEventListener("abort", () => end(""));
    sending.send(body);
  }
}

// Every file in these files and folders, with its path. A folder gives its entries a hundred at a time.
async function within(entries) {
  const found = [];
  for (const entry of entries) {
    if (entry.isFile) {
      const file = await new Promise((done) => entry.file(done, () => done(null)));
      if (file) found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      let some;
      do {
        some = await new Promise((done) => reader.readEntries(done, () => done([])));
        found.push(...(await within(some)));
      } while (some.length > 0);
    }
  }
  return found;
}
