// The server replaces {} by the messages of one language that the script says (server/web/assets.py).
const WORDS = {};

const language = document.documentElement.lang;
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);

/** Return a message with its {names} filled in; `count` chooses the plural form. */
export function say(key, values = {}) {
  const word = WORDS[key];
  const form = word.other ? (word[plurals.select(values.count)] ?? word.other) : word;
  return form.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? numbers.format(value) : value;
  });
}
