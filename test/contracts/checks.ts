import { it } from 'vitest';

/** An adapter opened for one test, empty. `reopen` closes it and opens the same data anew; `close` closes what is open and clears up. */
export interface Opened<Port> {
  readonly store: Port;
  readonly reopen?: () => Promise<Port>;
  close(): Promise<void>;
}
export type Open<Port> = () => Promise<Opened<Port>>;

/** Registers one test of a contract. */
export type Check<Port> = (title: string, body: (store: Port) => Promise<void>) => void;

type Method = (...args: unknown[]) => Promise<unknown>;

/** The same port, closed and opened again before every read that follows a write, while no call is under way. */
const reopening = <Port extends object>({ store, reopen }: Opened<Port>, reads: ReadonlySet<string>): Port => {
  let current = store;
  let written = false;
  let underWay = 0;
  let ready: Promise<unknown> = Promise.resolve();
  const prepare = (isRead: boolean): void => {
    if (!isRead) written = true;
    else if (written && underWay === 0 && reopen !== undefined) {
      written = false;
      ready = reopen().then((next) => {
        current = next;
      });
    }
  };
  const call = async (name: string, args: unknown[]): Promise<unknown> => {
    prepare(reads.has(name));
    underWay += 1;
    try {
      await ready;
      return await Reflect.apply(Reflect.get(current, name) as Method, current, args);
    } finally {
      underWay -= 1;
    }
  };
  return new Proxy(store, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        call(String(name), args),
  });
};

const runAfterReopening = async <Port extends object>(
  opened: Opened<Port>,
  reads: ReadonlySet<string>,
  body: (store: Port) => Promise<void>,
): Promise<void> => {
  try {
    await body(reopening(opened, reads));
  } catch (error) {
    if (error instanceof Error) error.message = `With a reopening before each read: ${error.message}`;
    throw error;
  } finally {
    await opened.close();
  }
};

/**
 * Tests that run on an adapter as it is, and where it can be reopened a second time with its data closed and opened before each of
 * the `reads`, so that whatever a test expects is also expected of what is on the disk.
 */
export const checksOf =
  <Port extends object>(open: Open<Port>, reads: readonly (keyof Port & string)[]): Check<Port> =>
  (title, body) => {
    it(title, async () => {
      const opened = await open();
      try {
        await body(opened.store);
      } finally {
        await opened.close();
      }
      if (opened.reopen !== undefined) await runAfterReopening(await open(), new Set(reads), body);
    });
  };
