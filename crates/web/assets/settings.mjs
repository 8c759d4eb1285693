// While work is under way, the page looks again by itself.
if (document.querySelector("[data-under-way]")) {
  setTimeout(() => window.location.reload(), 3000);
}
