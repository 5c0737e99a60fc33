import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { WebhookAnswer } from '../../ports/webhook-sender.ts';

const MAX_BODY_BYTES = 16 * 1024;

const flat = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

/** The status decides: a body that does not end, or breaks off, is read as far as it goes. */
export const readAnswer = (incoming: IncomingMessage): Promise<WebhookAnswer> =>
  new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const finish = (): void => {
      const body = Buffer.concat(parts).subarray(0, MAX_BODY_BYTES);
      resolve({ kind: 'answered', status: incoming.statusCode ?? 0, headers: flat(incoming.headers), body });
    };
    incoming.on('data', (part: Buffer) => {
      parts.push(part);
      bytes += part.length;
      if (bytes < MAX_BODY_BYTES) return;
      finish();
      incoming.destroy();
    });
    incoming.on('end', finish).on('error', finish).on('close', finish);
  });
