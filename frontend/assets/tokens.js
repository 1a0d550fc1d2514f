// A new secret is shown once: the way back must not bring it onto the screen again.

addEventListener("pagehide", () => document.getElementById("made")?.remove());
