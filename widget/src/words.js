// The server replaces {} by the messages of one language that the script says (server/web/bundle.py).
const WORDS = {};

const { lang } = document.documentElement;
const plurals = new Intl.PluralRules(lang);

/** Return a message with its {names} filled in; `count` chooses the plural form. */
export function say(key, values) {
  const word = WORDS[key];
  const form = word.other ? (word[plurals.select(values.count)] ?? word.other) : word;
  return form.replace(/\{(\w+)\}/g, (_, name) => written(values[name]));
}

/** Write a number as the server does: in the digits 0 to 9, thousands always grouped. */
function written(value) {
  return value.toLocaleString(`${lang}-u-nu-latn`, { useGrouping: true }); // of a text: itself
}
