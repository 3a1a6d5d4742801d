/**
 * What a person would notice about the page as it stands now. Returns one line for each fault.
 * Run in the page by tests/browser/layout.py.
 */
() => {
  const PRESSED = "a[href], button, summary, select, textarea, label:has(input), input:not(label input, [type=hidden])";
  const TARGET = 44; // CSS pixels; a link within a sentence needs 24
  const RING = 3; // contrast of what shows focus
  const faults = [];
  const layers = new Map();

  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const name = (element) => element.tagName.toLowerCase() + [...element.classList].map((c) => `.${c}`).join("");
  const words = (element) => `${name(element)} “${element.textContent.trim().replace(/\s+/g, " ").slice(0, 24)}”`;
  const fault = (kind, ...elements) => faults.push([kind, ...elements.map(words)].join(": "));

  /** The nearest thing that lies over the page, such as an open panel: it may cover what is under it. */
  function layer(element) {
    if (!element) return null;
    if (!layers.has(element)) {
      const { position, zIndex } = getComputedStyle(element);
      const stays = position === "sticky" || position === "fixed"; // the rest scrolls out from under it
      const over = stays || element.matches("dialog, [popover]") || (position !== "static" && zIndex !== "auto");
      layers.set(element, over ? element : layer(element.parentElement));
    }
    return layers.get(element);
  }

  /** Where an element's own text is, without the room above and below the letters. */
  function textBox(element) {
    const range = document.createRange();
    const texts = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    if (!texts.length) return null;
    range.setStartBefore(texts[0]);
    range.setEndAfter(texts.at(-1));
    const { left, right, top, bottom } = range.getBoundingClientRect();
    if (left === right) return null; // a field's default is drawn by the field
    const room = parseFloat(getComputedStyle(element).fontSize) / 5;
    return { left, right, top: top + room, bottom: bottom - room };
  }

  const overlap = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const inside = (a, b) =>
    a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
  const related = (a, b) => a.contains(b) || b.contains(a);

  function checkTexts(texts, controls) {
    const page = { left: 0, top: 0, right: innerWidth, bottom: Infinity };
    for (const [element, box] of texts) {
      const at = { ...box, top: box.top + scrollY, bottom: box.bottom + scrollY };
      if (!inside(at, page)) fault("text off the page", element);
      const frame = element.closest(`${PRESSED}, .panel, .booth`);
      if (frame && !inside(box, frame.getBoundingClientRect())) fault("text cut off", element);
      if (element.clientHeight && element.scrollHeight > element.clientHeight + 4) fault("text cut off", element);
      if (element.clientWidth && element.scrollWidth > element.clientWidth + 1) fault("text cut off", element);
      for (const [control, place] of controls) {
        if (!overlap(place, box) || related(control, element)) continue;
        if (layer(control) === layer(element)) fault("a control over text", control, element);
      }
    }
    texts.forEach(([a, first], at) => {
      for (const [b, second] of texts.slice(at + 1)) {
        // Of thousands of pairs few overlap, and whether they do is the quickest to know.
        if (overlap(first, second) && !related(a, b) && layer(a) === layer(b)) fault("text over text", a, b);
      }
    });
  }

  function checkControls(controls) {
    controls.forEach(([a, box], at) => {
      const inline = getComputedStyle(a).display === "inline";
      const least = inline ? 24 : TARGET;
      if (box.height < least - 0.5 || (!inline && box.width < least - 0.5)) {
        fault(`a target of ${box.width.toFixed()}×${box.height.toFixed()}, not ${least}`, a);
      }
      for (const [b, other] of controls.slice(at + 1)) {
        if (!overlap(box, other) || related(a, b)) continue;
        if (layer(a) === layer(b)) fault("a control over another", a, b);
      }
    });
  }

  const paint = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const lights = new Map(); // to read a painted pixel is slow, and a page has few colours
  function luminance(colour) {
    if (!lights.has(colour)) lights.set(colour, painted(colour));
    return lights.get(colour);
  }
  function painted(colour) {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }
  function behind(element) {
    for (let it = element.parentElement; it; it = it.parentElement) {
      const { backgroundColor } = getComputedStyle(it);
      if (!/^rgba\(.*, 0\)$/.test(backgroundColor)) return backgroundColor;
    }
    return "Canvas";
  }

  function checkFocus() {
    const stops = [...document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex='0']")];
    for (const stop of stops.filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.disabled && it.type !== "hidden")) {
      stop.focus({ focusVisible: true, preventScroll: true });
      if (document.activeElement !== stop) continue;
      // A hidden checkbox shows its focus on what follows it.
      const ring = [stop, stop.nextElementSibling].find((it) => {
        const style = it && getComputedStyle(it);
        return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && shown(it);
      });
      if (!ring) fault("focus not shown", stop);
      else if (contrast(getComputedStyle(ring).outlineColor, behind(ring)) < RING) fault("focus hardly seen", stop);
    }
    document.activeElement.blur();
  }

  function checkAll() {
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth - root.clientWidth} px too wide`);
    const controls = [...document.querySelectorAll(PRESSED)]
      .filter(shown)
      .map((element) => [element, element.getBoundingClientRect()]);
    const texts = [...document.querySelectorAll("body *")]
      .filter((it) => !it.closest("script, style, svg") && shown(it))
      .map((element) => [element, textBox(element)])
      .filter(([, box]) => box);
    checkTexts(texts, controls);
    checkControls(controls);
    checkFocus();
  }

  checkAll();
  for (const details of document.querySelectorAll("details:not([open])")) {
    if (!shown(details)) continue;
    details.open = true;
    checkAll();
    details.open = false;
  }
  return [...new Set(faults)];
}
