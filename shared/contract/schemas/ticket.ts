import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { TIME, TOPIC_NAME } from './name.ts';
import { integer } from './number.ts';

export const NEW_TICKET = z
  .strictObject({ topic: TOPIC_NAME, expiresInMs: integer(1, LIMITS.ticketMs).nullish() })
  .meta({ id: 'NewTicket' });

export const TICKET = z.strictObject({ ticket: z.string(), expiresAt: TIME }).meta({ id: 'Ticket' });
