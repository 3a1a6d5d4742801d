// JSON as minutes are written. What the browser's own parser would let pass or damage is refused:
// a key that stands twice, a number that is no count or that a browser cannot hold, depth.

const DEEPEST = 16; // minutes have eight levels
const SPACING = 10; // bytes; in minutes a list, an object or a comma comes every 15
const FREE_MARKS = 200_000; // so many of these cost little, however close
const SPACE = /[ \t\n\r]*/y;
const COUNT = /(?:0|[1-9]\d{0,15})(?![\w.+-])/y;
const NUMERIC = /-?(?:\d[\w.+-]{0,31}|NaN|Infinity)/y;
const WORDS_OF_JSON = [["true", true], ["false", false], ["null", null]];

/** Why a file cannot be checked: a code, and what was found. */
export class Refused extends Error {
  constructor(code, found = "") {
    super(code);
    this.code = code;
    this.found = String(found);
  }
}

/** Return what `text` says; `size` is its length in bytes. */
export function parsed(text, size) {
  const json = new Json(text, size);
  const value = json.value(0);
  json.skip();
  if (json.at < text.length) json.fail();
  return value;
}

class Json {
  constructor(text, size) {
    this.text = text;
    this.at = 0;
    this.marks = FREE_MARKS + size / SPACING; // that may still come
  }

  value(depth) {
    this.skip();
    const first = this.text[this.at];
    if (first === "{") return this.object(depth + 1);
    if (first === "[") return this.list(depth + 1);
    return first === '"' ? this.string() : this.bare();
  }

  object(depth) {
    const found = {};
    this.each("}", depth, () => {
      this.skip();
      const name = this.string();
      if (Object.hasOwn(found, name)) throw new Refused("twice", name);
      this.skip();
      if (!this.take(":")) this.fail();
      define(found, name, this.value(depth));
    });
    return found;
  }

  list(depth) {
    const found = [];
    this.each("]", depth, () => found.push(this.value(depth)));
    return found;
  }

  /** Read what stands between brackets, with commas between. */
  each(end, depth, read) {
    if (depth > DEEPEST) throw new Refused("crowded");
    this.at += 1;
    this.mark();
    this.skip();
    if (this.take(end)) return;
    for (;;) {
      read();
      this.skip();
      if (this.take(end)) return;
      if (!this.take(",")) this.fail();
      this.mark();
    }
  }

  mark() {
    this.marks -= 1;
    if (this.marks < 0) throw new Refused("crowded");
  }

  /** The browser unescapes it, and refuses what JSON does. */
  string() {
    if (this.text[this.at] !== '"') this.fail();
    const end = this.end();
    try {
      const found = JSON.parse(this.text.slice(this.at, end + 1));
      this.at = end + 1;
      return found;
    } catch {
      return this.fail();
    }
  }

  /** Return where the string that begins here has its closing quote. */
  end() {
    let end = this.at;
    for (;;) {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) this.fail();
      let before = end;
      while (this.text[before - 1] === "\\") before -= 1;
      if ((end - before) % 2 === 0) return end;
    }
  }

  bare() {
    const count = this.match(COUNT);
    if (count) {
      if (!Number.isSafeInteger(Number(count))) throw new Refused("big", count);
      return Number(count);
    }
    for (const [word, value] of WORDS_OF_JSON) if (this.take(word)) return value;
    const number = this.match(NUMERIC);
    if (number) throw new Refused("number", number);
    return this.fail();
  }

  skip() {
    this.match(SPACE);
  }

  take(expected) {
    const here = this.text.startsWith(expected, this.at);
    if (here) this.at += expected.length;
    return here;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [""];
    this.at += found.length;
    return found;
  }

  fail() {
    let line = 1;
    for (let at = this.text.indexOf("\n"); at >= 0 && at < this.at; line += 1) {
      at = this.text.indexOf("\n", at + 1);
    }
    throw new Refused("notJson", line);
  }
}

/** Assigned, `__proto__` would not become a key. */
function define(found, name, value) {
  if (name !== "__proto__") found[name] = value;
  else Object.defineProperty(found, name, { value, enumerable: true });
}
