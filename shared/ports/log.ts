export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured lines: an event's name and its fields. Never secrets, bodies or query values. */
export interface Log {
  enabled(level: LogLevel): boolean;
  write(level: LogLevel, event: string, fields: LogFields): void;
}
