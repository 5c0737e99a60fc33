import * as fc from 'fast-check';

/** The same cases in every run. `CHECK_SEED=<number>` looks at others. */
const seed = Number(process.env['CHECK_SEED'] ?? 20_260);

/** Checks a property that needs no waiting. (`fc.assert` alone looks to the linter like a promise that nobody awaits.) */
export function check<Values>(property: fc.IProperty<Values>, parameters?: fc.Parameters<Values>): void {
  void fc.assert(property, { seed, ...parameters });
}

export async function checkAsync<Values>(
  property: fc.IAsyncProperty<Values>,
  parameters?: fc.Parameters<Values>,
): Promise<void> {
  await fc.assert(property, { seed, ...parameters });
}
