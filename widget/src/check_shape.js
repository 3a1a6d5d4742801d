import { Refused } from "./check_json.js";

// The server's own notation, as JSON (server/web/verifying.py): a word is a type, an object has
// exactly these keys, ["list", x] holds any number of x, ["names", x] any keys, ["or null", x].
const TYPES = {
  text: (value) => typeof value === "string" && value.isWellFormed(),
  whole: (value) => typeof value === "number",
  truth: (value) => typeof value === "boolean",
};

/** Refuse the first value of the document that has not its shape, by the path that leads to it. */
export function demand(value, shape, path = "") {
  if (typeof shape === "string") return need(TYPES[shape](value), path);
  if (!Array.isArray(shape)) return demandKeys(value, shape, path);
  const [kind, inner] = shape;
  if (kind === "or null") return value === null || demand(value, inner, path);
  if (kind === "names") return demandNames(value, inner, path);
  need(Array.isArray(value), path);
  return value.forEach((one, number) => demand(one, inner, `${path}[${number}]`));
}

function demandKeys(value, shapes, path) {
  need(isObject(value), path);
  need(Object.keys(value).length === Object.keys(shapes).length, path);
  for (const name in shapes) {
    const inside = path ? `${path}.${name}` : name;
    need(Object.hasOwn(value, name), inside);
    demand(value[name], shapes[name], inside);
  }
}

function demandNames(value, inner, path) {
  need(isObject(value), path);
  for (const name of Object.keys(value)) {
    need(TYPES.text(name), path);
    demand(value[name], inner, `${path}.${name}`);
  }
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function need(fits, path) {
  if (!fits) throw new Refused("shape", path);
}
