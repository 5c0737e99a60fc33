import type { PushPorts } from './push-ports.ts';
import { Supervisor } from './supervisor.ts';

/** How often it is looked whether anything is left to do. */
const LOOK_MS = 250;
/** For what is under way when the time is over. */
const GRACE_MS = 2000;

/**
 * Delivers what there is to deliver, of all tenants, until nothing is left or the time is over; for where no process stays. What another
 * worker has under way is waited for, so that nothing is missed that came while it was finishing.
 * @param until Milliseconds since the epoch.
 */
export const deliverUntil = async (ports: PushPorts, until: number): Promise<void> => {
  const { clock } = ports;
  const all = await ports.subscriptions.all();
  const supervisors = all
    .filter(({ subscription }) => subscription.status === 'active')
    .map(({ tenant, subscription }) => new Supervisor(ports, tenant, subscription));
  while (clock.now() < until - GRACE_MS && supervisors.some((supervisor) => supervisor.busy))
    await clock.sleep(LOOK_MS);
  await Promise.all(supervisors.map((supervisor) => supervisor.stop(GRACE_MS)));
};
