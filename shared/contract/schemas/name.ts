import * as z from 'zod';
import { NAME_PATTERN, type TopicName } from '../ids.ts';

export const NAME_RULE = 'must be 1 to 128 letters, digits, ".", "_" or "-", beginning with a letter or a digit';

/** Contract section 1: names of tenants, topics, groups, members, subscriptions. */
export const NAME = z.string({ error: NAME_RULE }).regex(NAME_PATTERN, { error: NAME_RULE });

/** The pattern is what makes a text a name. */
export const TOPIC_NAME = NAME as unknown as z.ZodType<TopicName, string>;

/** RFC 3339, in UTC. */
export const TIME = z.iso.datetime();

/** A list's answer. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ data: z.array(item), nextCursor: z.string().nullable() });
