/** A value that is there already, or a promise of it: what is remembered costs no turn of the event loop. `await` takes either. */
export type Eventually<Value> = Value | Promise<Value>;

/** Goes on with the value: now where it is there, else when it is. */
export const whenThere = <Value, Next>(
  value: Eventually<Value>,
  next: (value: Value) => Eventually<Next>,
): Eventually<Next> => (value instanceof Promise ? value.then(next) : next(value));
