import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TableOptions } from '../../../../shared/adapters/dynamodb/table.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';

type Answer = object | Error;

export interface StubTable extends TableOptions {
  /** Names of the commands that were sent, without `Command`, with their input. */
  readonly sent: { readonly name: string; readonly input: Record<string, unknown> }[];
}

/** A table whose client answers what it is told to, in order, and fails a test that sends more. Pauses take no time. */
export const stubTable = (answers: readonly Answer[]): StubTable => {
  const sent: StubTable['sent'] = [];
  const left = [...answers];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }): Promise<object> => {
    sent.push({ name: command.constructor.name.replace(/Command$/, ''), input: command.input });
    const answer = left.shift();
    if (answer === undefined) throw new Error(`Nobody expected a ${command.constructor.name}.`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    sent,
    client: { send } as unknown as Pick<DynamoDBClient, 'send'>,
    tableName: 'table',
    clock: { ...createFakeClock(), sleep: async () => undefined },
    random: createSeededRandom(),
  };
};
