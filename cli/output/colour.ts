import { styleText } from 'node:util';

interface Stream {
  readonly isTTY?: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Only on a terminal, and not where the user wants none: https://no-color.org. */
const isColoured = ({ isTTY = false }: Stream): boolean => {
  const { NO_COLOR, TERM } = process.env;
  return isTTY && TERM !== 'dumb' && (NO_COLOR === undefined || NO_COLOR === '');
};

export const colour = (style: Style, text: string, stream: Stream = process.stdout): string =>
  isColoured(stream) ? styleText(style, text) : text;
