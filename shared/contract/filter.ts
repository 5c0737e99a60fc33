/** A comparison's right side: what a record's attributes have to be, by their names. */
export type Comparison = Readonly<Record<string, string>>;

/**
 * Which records a subscription wants: one object of the dialects of CloudEvents Subscriptions. Names are `key`, `header.<name>` and
 * `value.<field>`. All that an object says has to hold; an object that says nothing lets everything pass.
 */
export interface Filter {
  readonly exact?: Comparison | undefined;
  readonly prefix?: Comparison | undefined;
  readonly suffix?: Comparison | undefined;
  readonly all?: readonly Filter[] | undefined;
  readonly any?: readonly Filter[] | undefined;
  readonly not?: Filter | undefined;
}
