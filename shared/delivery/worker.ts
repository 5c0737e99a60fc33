import type { TenantId, TopicId } from '../contract/ids.ts';
import { sideBySide } from '../lib/side-by-side.ts';
import type { TenantSubscription } from '../ports/subscription-store.ts';
import type { WakeUp, WakeUps } from '../ports/wake-ups.ts';
import type { PushPorts } from './push-ports.ts';
import { Shift } from './shift.ts';

/*
 * Where no process stays, a worker is called: by commits, by the clock, or because somebody's time has come.
 *  1. It works until nothing is left to do for now, or its time is over.
 *  2. What another one has under way it waits for if it was called by a commit, so that nothing is missed that came while that one was
 *     finishing; otherwise for a moment only, as whoever holds a lease sees what is there, and calls for what is left.
 *  3. It stores its progress, and then has somebody called for what has to go on later: one call for a lane and a time.
 */

export interface WorkerPorts extends PushPorts {
  readonly wakeUps: WakeUps;
}

export interface TopicRef {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
}

export interface Duty {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly waitsForOthers: boolean;
}

/** How often it is looked whether anything is left to do. */
const LOOK_MS = 250;
/** And whether the subscription is still what it was. */
const FOLLOW_MS = 2000;
/** For what is under way when the time is over. */
const GRACE_MS = 2000;
/** Somebody who is finishing is done by then. */
const MOMENT_MS = 3000;
const LOOKS_AT_ONCE = 16;

/** Delivers what there is to deliver of these. */
export const deliver = async (
  ports: WorkerPorts,
  found: readonly TenantSubscription[],
  { until, waitsForOthers }: Duty,
): Promise<void> => {
  const { clock } = ports;
  const shifts = found.map((one) => new Shift(ports, one));
  const patientUntil = waitsForOthers ? until : clock.now() + MOMENT_MS;
  const isBusy = (): boolean => shifts.some((shift) => shift.isBusy(clock.now() < patientUntil));
  for (let followAt = clock.now() + FOLLOW_MS; clock.now() < until - GRACE_MS && isBusy(); ) {
    await clock.sleep(LOOK_MS);
    if (clock.now() < followAt) continue;
    await Promise.all(shifts.map((shift) => shift.follow()));
    followAt = clock.now() + FOLLOW_MS;
  }
  const calls = await Promise.all(shifts.map((shift) => shift.end(GRACE_MS)));
  await ports.wakeUps.schedule(calls.filter((call): call is WakeUp => call !== undefined));
};

/** Whoever has subscribed to these topics, which have got records. */
export const deliverTopics = async (ports: WorkerPorts, topics: readonly TopicRef[], duty: Duty): Promise<void> => {
  const found: TenantSubscription[] = [];
  await sideBySide(topics, LOOKS_AT_ONCE, async ({ tenant, topicId }) => {
    const subscriptions = await ports.subscriptions.ofTopic(tenant, topicId);
    for (const subscription of subscriptions) found.push({ tenant, subscription });
  });
  await deliver(ports, found, duty);
};
