/** A JSON value of exactly `bytes` bytes: a few fields, as an application would send, and text that fills it up. */
const jsonValue = (bytes: number): string => {
  const fields = '{"order":123456,"customer":"acme","amount":19.99,"currency":"EUR","note":""}';
  const filler = 'relay runners carried knotted records from hand to hand; '.repeat(Math.ceil(bytes / 57));
  return `${fields.slice(0, -2)}${filler.slice(0, bytes - fields.length)}"}`;
};

/** A produce request of `count` records, each with a value of `valueBytes`. */
export const produceBody = (count: number, valueBytes: number): string => {
  const record = `{"value":${jsonValue(valueBytes)}}`;
  return `{"records":[${Array(count).fill(record).join(',')}]}`;
};

/** Small records, one a line: what a log of many records is filled with. */
export const produceLines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `{"value":{"n":${index},"city":"Cusco"}}\n`).join('');
