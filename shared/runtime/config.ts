import { LOG_LEVELS, type LogLevel } from '../ports/log.ts';
import { closest } from './closest.ts';
import { StartError } from './start-error.ts';

/** The embedded server's settings (contract section 9). */
export interface Config {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly dataFolder: string;
  /** Folders that hold a copy of a batch each; undefined: as many as the data folder has. */
  readonly zones: number | undefined;
  /** Instead of a made one. */
  readonly operatorKey: string | undefined;
  readonly logLevel: LogLevel;
  /** Webhooks may go to private and loopback addresses. */
  readonly allowPrivateEndpoints: boolean;
  /** Of pages that may call from a browser; `*`: of any. */
  readonly corsOrigins: readonly string[];
}

const PREFIX = 'CHASQUI_';
const SERVER = [
  'HOST',
  'PORT',
  'DATA',
  'OPERATOR_KEY',
  'ZONES',
  'LOG',
  'ALLOW_PRIVATE_ENDPOINTS',
  'CORS_ORIGINS',
] as const;
/** The command line's own. */
const CLIENT = ['URL', 'KEY'] as const;
const KNOWN: readonly string[] = [...SERVER, ...CLIENT].map((name) => PREFIX + name);

type Setting = (typeof SERVER)[number];
type Environment = Readonly<Record<string, string | undefined>>;
/** An empty variable is one that is not set. */
type Read = (setting: Setting) => string | undefined;

const refuse = (setting: Setting, rule: string): never => {
  throw new StartError(`${PREFIX}${setting} ${rule}.`);
};

const refuseUnknown = (environment: Environment): void => {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || KNOWN.includes(name)) continue;
    throw new StartError(`${name} is not a setting of Chasqui. Did you mean ${closest(name.toUpperCase(), KNOWN)}?`);
  }
};

const portOf = (read: Read): number => {
  const text = read('PORT') ?? '4000';
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : refuse('PORT', 'must be a number from 0 to 65535');
};

/** As many as a topic may have copies. */
const zonesOf = (read: Read): number | undefined => {
  const text = read('ZONES');
  if (text === undefined || /^[1-6]$/.test(text)) return text === undefined ? undefined : Number(text);
  return refuse('ZONES', 'must be a number from 1 to 6');
};

const logLevelOf = (read: Read): LogLevel => {
  const text = read('LOG') ?? 'info';
  return LOG_LEVELS.find((level) => level === text) ?? refuse('LOG', `must be one of ${LOG_LEVELS.join(', ')}`);
};

/** It travels in a header, so that it has to be what a header can hold. Its value is never repeated, not even here. */
const operatorKeyOf = (read: Read): string | undefined => {
  const key = read('OPERATOR_KEY');
  if (key === undefined || /^[\x21-\x7e]{1,1024}$/.test(key)) return key;
  return refuse('OPERATOR_KEY', 'must be 1 to 1024 visible ASCII characters without spaces');
};

const flagOf = (read: Read, setting: Setting): boolean => {
  const text = read(setting) ?? '0';
  return text === '1' || (text === '0' ? false : refuse(setting, 'must be 1 or 0'));
};

/** As browsers send it: scheme, host and port, without a slash at its end. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

const originsOf = (read: Read): readonly string[] => {
  const origins = (read('CORS_ORIGINS') ?? '').split(',').map((text) => text.trim());
  const given = origins.filter((text) => text !== '');
  if (given.every((text) => text === '*' || isOrigin(text))) return given;
  return refuse('CORS_ORIGINS', 'must be * or origins such as https://app.example, separated by commas');
};

/** @throws {StartError} naming the variable at fault; an unknown one, so that a typing error is not silently ignored. */
export const readConfig = (environment: Environment = process.env): Config => {
  refuseUnknown(environment);
  const read: Read = (setting) => environment[PREFIX + setting] || undefined;
  return {
    host: read('HOST') ?? '127.0.0.1',
    port: portOf(read),
    dataFolder: read('DATA') ?? './.chasqui',
    zones: zonesOf(read),
    operatorKey: operatorKeyOf(read),
    logLevel: logLevelOf(read),
    allowPrivateEndpoints: flagOf(read, 'ALLOW_PRIVATE_ENDPOINTS'),
    corsOrigins: originsOf(read),
  };
};
