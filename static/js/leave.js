// Leave this page quickly: one press, or Esc twice within a second.
// The page is replaced, so that "back" does not return here. Without JavaScript it is a plain link.
"use strict";

(() => {
  const link = document.querySelector("[data-leave]");
  if (!link) return;

  function leave() {
    // Nothing typed or read stays on the screen while the other page loads.
    document.documentElement.hidden = true;
    window.location.replace(link.href);
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  let lastEscape = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    const now = Date.now();
    if (now - lastEscape < 1000) leave();
    lastEscape = now;
  });

  // A page kept by the browser and shown again by "back" must not come back hidden.
  window.addEventListener("pageshow", () => {
    document.documentElement.hidden = false;
  });
})();
