import { type Answer, JSON_HEADERS } from '../../shared/http/answer.ts';
import type { ProduceResult } from '../../shared/log/produce.ts';

const REPLAYED: Answer['headers'] = { ...JSON_HEADERS, 'idempotency-replayed': 'true' };

/** 200 with every record's place, or 207 where some partitions failed. The text is put together by hand: it may be 10,000 long. */
export function produceAnswer(results: readonly ProduceResult[], replayed = false): Answer {
  let failed = false;
  let body = '{"results":[';
  for (let at = 0; at < results.length; at++) {
    const result = results[at]!;
    if (at > 0) body += ',';
    failed ||= 'error' in result;
    body += resultText(result);
  }
  return { status: failed ? 207 : 200, headers: replayed ? REPLAYED : JSON_HEADERS, body: `${body}]}` };
}

function resultText(result: ProduceResult): string {
  if (!('error' in result))
    return `{"partition":${result.partition},"offset":${result.offset},"timestamp":${result.timestamp}}`;
  const { code, message, retryable, sideEffects } = result.error;
  return JSON.stringify({ error: { code, detail: message, retryable, sideEffects } });
}
