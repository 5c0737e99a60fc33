import { readFileSync } from 'node:fs';

/** A flight of `flights-20k.json` (vega-datasets; from the US Bureau of Transportation Statistics, January to March 2001). */
export interface Flight {
  /** Its place in the file, from 0: what order is judged by. */
  readonly number: number;
  /** Airport code; the record's key. */
  readonly origin: string;
  /** Its JSON, which is the record's value. */
  readonly json: string;
}

/** Header of each record that carries the flight's number. */
export const NUMBER_HEADER = 'flight-number';

export const loadFlights = (path: string): Flight[] => {
  const flights = JSON.parse(readFileSync(path, 'utf8')) as { readonly origin: string }[];
  return flights.map((flight, number) => ({ number, origin: flight.origin, json: JSON.stringify(flight) }));
};

/** The record of a flight as a line of a produce request. */
export const recordOf = ({ number, origin, json }: Flight): string =>
  `{"key":${JSON.stringify(origin)},"value":${json},"headers":{"${NUMBER_HEADER}":"${number}"}}\n`;
