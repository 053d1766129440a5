// Shows on an organisation's own site, beside the link to the chat, whether a line is open now and how long the wait is.
// Sets no cookie and stores nothing.
//
//   <helpline-chat line="praat"><a href="https://chat.example/nl/praat/" rel="noreferrer">Chat met ons</a></helpline-chat>
//   <script src="https://chat.example/embed.js" referrerpolicy="no-referrer" defer></script>
//
// Without this script the link still works. The attribute `state` (open, full, closed) is for the site's own style.

// A block, so that no name of the site is taken, and none of ours is.
{
  const home = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).origin;
  const LOOK_MS = 60_000;

  class HelplineChat extends HTMLElement {
    #told = document.createElement("span");
    #stop = () => {};

    connectedCallback() {
      const line = encodeURIComponent(this.getAttribute("line") ?? "");
      const language = this.closest("[lang]")?.getAttribute("lang")?.split("-")[0] ?? "";
      const link = this.querySelector("a") ?? this.appendChild(document.createElement("a"));
      const chosen = link.href; // set by the site
      link.href ||= home;
      // The chat must not learn from which page somebody came.
      link.referrerPolicy = "no-referrer";
      link.rel = "noreferrer";
      this.#told.setAttribute("role", "status");
      this.append(" ", this.#told);
      const look = () =>
        document.hidden || this.#look(line, language, link, !chosen).catch(() => this.#forget());
      look();
      const looking = setInterval(look, LOOK_MS);
      document.addEventListener("visibilitychange", look);
      this.#stop = () => {
        clearInterval(looking);
        document.removeEventListener("visibilitychange", look);
      };
    }

    disconnectedCallback() {
      this.#stop();
    }

    /** Shows no state, because the last one may be wrong by now. The link still works. */
    #forget() {
      this.removeAttribute("state");
      this.#told.textContent = "";
    }

    /** @param {string} line @param {string} language @param {HTMLAnchorElement} link @param {boolean} leads  whether this script sets the link's address, because the site did not */
    async #look(line, language, link, leads) {
      const answer = await fetch(`${home}/api/lines/${line}/`, {
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
      });
      if (!answer.ok) return this.#forget();
      const { open, full, says, texts } = await answer.json();
      this.setAttribute("state", open ? (full ? "full" : "open") : "closed");
      if (!link.childElementCount) link.textContent ||= texts.name; // it may hold a picture
      const speaks = says[language] ? language : Object.keys(says)[0]; // the first is the helpline's own language
      if (leads) link.href = `${home}/${speaks}/${line}/`;
      if (this.#told.textContent !== says[speaks]) this.#told.textContent = says[speaks];
    }
  }

  if (!customElements.get("helpline-chat")) customElements.define("helpline-chat", HelplineChat);
}
