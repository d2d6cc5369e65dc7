// What the page adds to textual-serve's script: where to connect, why a dashboard ended, and touch.
"use strict";

// Shows why the dashboard ended: the server's last text message is ["ended", reason].
window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    let reason = "";
    this.addEventListener("open", () => document.querySelector(".xterm-helper-textarea").focus());
    this.addEventListener("message", (event) => {
      if (typeof event.data === "string") {
        const [kind, text] = JSON.parse(event.data);
        if (kind === "ended") reason = text;
      }
    });
    this.addEventListener("close", (event) => {
      const lost = event.code === 1006 ? "The connection to mdxdash web is lost." : "The dashboard has ended.";
      document.querySelector("#reason").textContent = reason || lost;
    });
  }
};

// No text of an agent may read what the user has copied. Copying works where the browser allows it.
const clipboard = navigator.clipboard;
Object.defineProperty(navigator, "clipboard", {
  value: {
    readText: async () => "",
    writeText: async (text) => clipboard?.writeText(text),
  },
});

// A finger that moves scrolls, as a mouse wheel does.
function scrollByTouch(terminal) {
  let last = null;
  terminal.addEventListener("touchstart", (event) => {
    last = event.touches.length === 1 ? event.touches[0].clientY : null;
  });
  terminal.addEventListener("touchmove", (event) => {
    if (last === null) return;
    const { clientX, clientY } = event.touches[0];
    const target = terminal.querySelector(".xterm-screen");
    const wheel = { deltaY: last - clientY, clientX, clientY, bubbles: true, cancelable: true };
    last = clientY;
    target.dispatchEvent(new WheelEvent("wheel", wheel));
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true, passive: false });
}

// textual-serve's script starts when the page is loaded. It measures the font, which must be there.
const start = window.onload;
window.onload = async (event) => {
  const terminal = document.querySelector("#terminal");
  terminal.dataset.sessionWebsocketUrl = location.origin.replace(/^http/, "ws") + "/ws";
  const again = () => location.replace(location.pathname + location.search);
  document.querySelector("#again").addEventListener("click", again);
  // A tablet closes the connection while it sleeps.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && document.body.classList.contains("-closed")) again();
  });
  await document.fonts.load("16px 'Roboto Mono'");
  start(event);
  scrollByTouch(terminal);
};
