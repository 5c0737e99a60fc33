import { type Bar, isMet, type Results } from './results.ts';

const WIDTH = 940;
const LABEL_WIDTH = 340;
const ROW_HEIGHT = 30;
const TOP = 56;
/** Where a bar that is just met ends; the longest drawn is twice that. */
const TARGET = LABEL_WIDTH + 210;

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const short = (value: number): string => value.toPrecision(3);

/** 1 at the bar, above 1 better than the bar, for figures of both kinds. */
const score = ({ value, bar, atMost }: Bar): number => (atMost ? bar / value : value / bar);

const barShape = (bar: Bar, index: number): string => {
  const y = TOP + index * ROW_HEIGHT;
  const width = Math.min(2, score(bar)) * (TARGET - LABEL_WIDTH);
  const colour = isMet(bar) ? '#2a9d8f' : '#e76f51';
  const figures = `${short(bar.value)}${bar.unit} (${bar.atMost ? '≤' : '≥'} ${short(bar.bar)}${bar.unit})`;
  return [
    `<text x="${LABEL_WIDTH - 10}" y="${y + 15}" text-anchor="end">${escapeXml(bar.title)}</text>`,
    `<rect x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="20" rx="2" fill="${colour}"/>`,
    `<text x="${2 * TARGET - LABEL_WIDTH + 10}" y="${y + 15}">${escapeXml(figures)}</text>`,
  ].join('\n');
};

/** Every figure against its bar, which is the same vertical line for all of them. */
export const toSvg = ({ bars }: Results): string => {
  const height = TOP + bars.length * ROW_HEIGHT + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#222">`,
    '<title>Measured against the bar</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    '<text x="16" y="24" font-size="16" font-weight="600">Measured against the bar (longer is better)</text>',
    ...bars.map(barShape),
    `<line x1="${TARGET}" x2="${TARGET}" y1="${TOP - 10}" y2="${height - 16}" stroke="#222" stroke-dasharray="4 3"/>`,
    `<text x="${TARGET}" y="${TOP - 14}" text-anchor="middle">the bar</text>`,
    '</svg>',
    '',
  ].join('\n');
};
