import { readStack } from '../../scripts/aws/deployment.ts';

/** Calls the function that maintains the bus, as the rule of a schedule does; answers its status and what it said. */
export const callByTheClock = async (event: object): Promise<[status: number, answer: string]> => {
  const { endpoint } = readStack();
  const listed = await fetch(`${endpoint}/2015-03-31/functions/`);
  const { Functions } = (await listed.json()) as { Functions: { FunctionName: string; Description: string }[] };
  const { FunctionName } = Functions.find(({ Description }) => Description === 'Chasqui: maintain')!;
  const called = await fetch(`${endpoint}/2015-03-31/functions/${FunctionName}/invocations`, {
    method: 'POST',
    body: JSON.stringify(event),
  });
  return [called.status, await called.text()];
};
