// Keys go to the screen at once, without a click on it first.
window.addEventListener("load", () => {
  const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();
  setTimeout(focus, 0);
  window.addEventListener("focus", focus);
});
