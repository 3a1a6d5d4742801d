/*
 * Isoloir: shows a voting booth wherever the page says <isoloir-vote consultation="…" source="…">
 * or <div data-isoloir data-consultation="…" data-source="…">. See docs/editors/embedding.md; the
 * types of `Isoloir` are in isoloir.d.ts.
 *
 * A guest on somebody else's page: it never throws, never writes HTML or style attributes (a strict
 * content security policy or Trusted Types would stop it), keeps the height that the page reserved
 * for it, keeps nothing that the page threw away, and does no harm the second time it is loaded.
 */
(() => {
  "use strict";
  const TAG = "isoloir-vote";
  const RESERVE = 600; // px; keep equal to the snippet's
  const PATIENCE = 8000; // ms from when the frame begins to load until it is shown, ready or not
  const QUERY = ["source", "lang", "theme", "results"];
  const booths = new WeakMap(); // by element
  // Held weakly: a page of one application lives for days and throws many elements away.
  let known = [];
  let service;

  /** Return the booth of an element. It shows nothing yet, and may do so more than once. */
  function boothOf(element) {
    const link = document.createElement("slot"); // the page's own fallback link
    let frame, key, near, ready, reserve, root;

    // The same names as attributes, or with data- in front where only a <div> is let through.
    const wish = (name) => element.getAttribute(name) || element.getAttribute("data-" + name) || "";

    function address() {
      const url = new URL("/e/" + encodeURIComponent(wish("consultation")), service);
      for (const name of QUERY) if (wish(name)) url.searchParams.set(name, wish(name));
      // In the fragment, which is sent to no server.
      url.hash = "k=" + key + "&o=" + location.origin;
      return url.href;
    }

    function show() {
      if (frame || !wish("consultation")) return;
      // In a shadow tree the page's own rules for frames and links do not reach the booth.
      root ||= element.attachShadow({ mode: "open" });
      const box = document.createElement("div");
      frame = document.createElement("iframe");
      key = crypto.getRandomValues(new Uint32Array(4)).join("-");
      reserve = parseInt(wish("height")) || RESERVE;
      ready = false;
      // Link and frame in one cell: the frame is as high before the link goes as after.
      box.style.cssText = "display:grid;min-height:" + reserve + "px";
      link.style.cssText = "display:block;grid-area:1/1";
      frame.style.cssText =
        "grid-area:1/1;width:100%;border:0;visibility:hidden;height:" + reserve + "px";
      frame.loading = wish("loading") || "lazy";
      frame.src = address();
      dress();
      if (getComputedStyle(element).display === "inline") element.style.display = "block";
      box.append(link, frame);
      root.replaceChildren(box);
      revealInTime(frame);
    }

    // A lazy frame begins to load when it comes near; that is when patience begins to run.
    function revealInTime(hidden) {
      near = new IntersectionObserver(
        (entries, observer) => {
          if (!entries[0].isIntersecting) return;
          observer.disconnect();
          setTimeout(reveal, PATIENCE, hidden);
        },
        { rootMargin: "1250px" },
      );
      near.observe(element);
    }

    function reveal(hidden) {
      // Not before: what is inside the element may come later than its tag.
      hidden.title = wish("title") || element.textContent.trim() || "Isoloir";
      // What may never come lies below the link, not over it.
      if (!ready) hidden.style.gridRow = 2;
      hidden.style.visibility = "";
    }

    /** Bring the theme that is wished for into the frame, without loading it anew. */
    function dress() {
      if (!frame) return;
      const theme = wish("theme");
      const said = { ns: "isoloir", v: 1, k: key, t: "theme", theme };
      frame.style.colorScheme = /^(light|dark)$/.test(theme) ? theme : "light dark";
      // Before it is ready, the frame could be nobody's yet, which browsers complain about.
      if (ready) frame.contentWindow?.postMessage(said, service);
    }

    function hear({ data, source }) {
      if (!frame || source !== frame.contentWindow || data.k !== key) return;
      const asked = Math.ceil(data.height);
      const height = asked >= 40 && asked <= 5000 ? asked : undefined;
      // A booth in a hidden panel has no height; it tells one when the panel is shown.
      if (data.t === "resize" && !height) return;
      if (height) frame.style.height = Math.max(height, reserve) + "px";
      if (data.t === "ready") {
        ready = true;
        link.remove();
        reveal(frame);
        dress();
      }
      const detail = { height, code: data.code };
      element.dispatchEvent(
        new CustomEvent("isoloir:" + data.t, { bubbles: true, composed: true, detail }),
      );
    }

    /** Take the frame away; the page's own link shows again. */
    function clear() {
      if (!frame) return;
      near.disconnect();
      frame = ready = false;
      root.replaceChildren(link);
    }

    return { clear, dress, hear, show };
  }

  const all = () => known.map((ref) => ref.deref()).filter(Boolean);

  function hear(event) {
    const { ns, v } = event.data || {};
    if (event.origin !== service || ns !== "isoloir" || v !== 1) return;
    for (const element of all()) booths.get(element).hear(event);
  }

  const api = {
    scan(root) {
      for (const found of (root || document).querySelectorAll("[data-isoloir]")) api.mount(found);
    },
    mount(element, options) {
      if (options) api.destroy(element);
      for (const name in options) element.setAttribute(name, options[name]);
      if (!booths.has(element)) {
        booths.set(element, boothOf(element));
        known = all().concat(element).map((each) => new WeakRef(each));
      }
      booths.get(element).show();
    },
    destroy(element) {
      booths.get(element)?.clear();
    },
    setTheme(theme, element) {
      for (const each of element ? [element] : all()) {
        each.setAttribute("theme", theme);
        booths.get(each)?.dress();
      }
    },
  };

  const quietly =
    (act) =>
    (...subjects) => {
      try {
        act(...subjects);
      } catch (error) {
        console.warn("isoloir:", error);
      }
    };

  quietly(() => {
    // Pasted with every booth: what came to the page since the first time is mounted now.
    if (window.Isoloir?.scan?.call) return Isoloir.scan();
    service = new URL(document.currentScript.src).origin;
    for (const name in api) api[name] = quietly(api[name]);
    window.Isoloir = api;
    addEventListener("message", quietly(hear));
    addEventListener("DOMContentLoaded", () => api.scan());
    api.scan();
    if (customElements.get(TAG)) return;
    customElements.define(
      TAG,
      class extends HTMLElement {
        static observedAttributes = QUERY.concat("consultation");
        connectedCallback() {
          api.mount(this);
        }
        // Moved together with its state: the frame has noticed nothing.
        connectedMoveCallback() {}
        disconnectedCallback() {
          api.destroy(this);
        }
        attributeChangedCallback(name, old, now) {
          if (name === "theme") return booths.get(this)?.dress();
          if (old !== now) api.destroy(this);
          // Once for all that are set together.
          queueMicrotask(() => this.isConnected && api.mount(this));
        }
      },
    );
  })();
})();
