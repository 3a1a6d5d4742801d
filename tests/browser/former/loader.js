/*
 * Isoloir: shows a voting booth wherever the page says <isoloir-vote consultation="…" source="…">
 * or <div data-isoloir data-consultation="…" data-source="…">. See docs/editors/embedding.md.
 *
 * A guest on somebody else's page: it never throws, never writes HTML or style attributes (a strict
 * content security policy or Trusted Types would stop it), keeps the height that the page reserved
 * for it, and does nothing the second time it is loaded.
 */
(function () {
  "use strict";
  var TAG = "isoloir-vote";
  var RESERVE = 600; // px; keep equal to the snippet's
  var PATIENCE = 8000; // ms from when the frame begins to load until it is shown, ready or not
  var EVENTS = /^(ready|resize|voted|closed|error)$/;
  var script = document.currentScript;
  var service = script && new URL(script.src).origin;
  var mounted = []; // {element, frame, key, reserve, reveal}

  // The same names as attributes, or with data- in front where only a <div> is let through.
  function attribute(element, name) {
    return element.getAttribute(name) || element.getAttribute("data-" + name) || "";
  }

  function address(element, key) {
    var url = new URL("/e/" + encodeURIComponent(attribute(element, "consultation")), service);
    ["source", "lang", "theme"].forEach(function (name) {
      var value = attribute(element, name);
      if (value) url.searchParams.set(name, value);
    });
    // In the fragment, which is sent to no server.
    url.hash = "k=" + key + "&o=" + encodeURIComponent(location.origin);
    return url.href;
  }

  function drawKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join("");
  }

  function mount(element) {
    if (element.shadowRoot || !attribute(element, "consultation")) return;
    // In a shadow tree the page's own rules for frames and links do not reach the booth.
    var shadow = element.attachShadow({ mode: "open" });
    var box = document.createElement("div");
    var link = document.createElement("slot"); // shows the page's own fallback link
    var frame = document.createElement("iframe");
    var theme = attribute(element, "theme");
    var booth = {
      element: element,
      frame: frame,
      link: link,
      key: drawKey(),
      reserve: parseInt(attribute(element, "height"), 10) || RESERVE,
    };
    box.style.cssText = "display:flex;flex-direction:column;min-height:" + booth.reserve + "px";
    frame.style.cssText =
      "flex:1;width:100%;border:0;visibility:hidden;color-scheme:" +
      (theme === "light" || theme === "dark" ? theme : "light dark");
    frame.loading = attribute(element, "loading") === "eager" ? "eager" : "lazy";
    frame.title = attribute(element, "title") || element.textContent.trim() || "Isoloir";
    frame.src = address(element, booth.key);
    if (getComputedStyle(element).display === "inline") element.style.display = "block";
    mounted.push(booth);
    box.append(link, frame);
    shadow.append(box);
    revealInTime(element, frame);
  }

  // A lazy frame begins to load when it comes near; that is when patience begins to run.
  function revealInTime(element, frame) {
    new IntersectionObserver(
      function (entries, observer) {
        if (!entries[0].isIntersecting) return;
        observer.disconnect();
        setTimeout(function () {
          frame.style.visibility = "";
        }, PATIENCE);
      },
      { rootMargin: "1250px" },
    ).observe(element);
  }

  function hear(event) {
    var said = event.data;
    if (event.origin !== service || !said || said.ns !== "isoloir" || said.v !== 1) return;
    mounted.forEach(function (booth) {
      if (event.source === booth.frame.contentWindow && said.k === booth.key) obey(booth, said);
    });
  }

  function obey(booth, said) {
    if (!EVENTS.test(said.t)) return;
    var height = Math.ceil(said.height);
    if (height >= 40 && height <= 5000) {
      booth.frame.style.flex = "0 0 " + Math.max(height, booth.reserve) + "px";
    }
    if (said.t === "ready") {
      booth.link.remove();
      booth.frame.style.visibility = "";
    }
    booth.element.dispatchEvent(
      new CustomEvent("isoloir:" + said.t, {
        bubbles: true,
        composed: true,
        detail: { height: height || undefined, code: said.code },
      }),
    );
  }

  function scan() {
    document.querySelectorAll("[data-isoloir]").forEach(quietly(mount));
  }

  function quietly(act) {
    return function (subject) {
      try {
        act(subject);
      } catch (error) {
        console.warn("isoloir:", error.message);
      }
    };
  }

  quietly(function () {
    if (!service) return;
    addEventListener("message", quietly(hear));
    document.addEventListener("DOMContentLoaded", scan);
    scan();
    if (customElements.get(TAG)) return;
    customElements.define(
      TAG,
      class extends HTMLElement {
        connectedCallback() {
          quietly(mount)(this);
        }
      },
    );
  })();
})();
