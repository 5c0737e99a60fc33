const QUOTE = '"';

const endOfString = (text: string, from: number): number => {
  for (let at = text.indexOf(QUOTE, from + 1); at >= 0; at = text.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
};

const STEP: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** Where the value that begins at `from` ends: a number or a word at the next comma or bracket. */
const endOfValue = (text: string, from: number): number => {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    const step = STEP[character] ?? 0;
    if (depth === 0 && (character === ',' || step < 0)) return at;
    depth += step;
    at = character === QUOTE ? endOfString(text, at) : at + 1;
    if (depth === 0 && (character === QUOTE || step < 0)) return at;
  }
  return at;
};

/** The elements of a JSON list, each as the text that it was sent as. */
export const elementsOf = (list: string): string[] => {
  const elements: string[] = [];
  for (let at = 1; ; ) {
    const to = endOfValue(list, at);
    const element = list.slice(at, to).trim();
    if (element !== '') elements.push(element);
    if (list[to] !== ',') return elements;
    at = to + 1;
  }
};

/**
 * The members of a JSON object by name, each value as the text that it was sent as: to parse and print it again would lose the digits
 * of large numbers. The object has to be well-formed, as a server's answer is.
 */
export const membersOf = (object: string): Map<string, string> => {
  const members = new Map<string, string>();
  for (let at = object.indexOf(QUOTE); at >= 0; at = object.indexOf(QUOTE, at)) {
    const endOfName = endOfString(object, at);
    const name = JSON.parse(object.slice(at, endOfName)) as string;
    const from = object.indexOf(':', endOfName) + 1;
    const to = endOfValue(object, from);
    members.set(name, object.slice(from, to).trim());
    at = to;
  }
  return members;
};
