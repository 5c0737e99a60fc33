const SPACE = 0x20;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A JSON value may have come with line ends between its tokens, where a space means the same; nowhere else can there be any. */
export function joinLines(line: Buffer): void {
  for (const end of [LINE_FEED, CARRIAGE_RETURN]) {
    for (let at = line.indexOf(end); at !== -1; at = line.indexOf(end, at + 1)) line[at] = SPACE;
  }
}
