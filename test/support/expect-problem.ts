import { expect } from 'vitest';
import type { Answer } from './http.ts';
import type { Problem } from './shapes.ts';

/** Contract section 1: an error is a whole problem document, whatever went wrong. Answers it, for what a code adds. */
export const expectProblem = (answer: Answer, status: number, code: string | readonly string[]): Problem => {
  const shown = `${answer.status} ${answer.text.slice(0, 500)}`;
  expect(answer.status, shown).toBe(status);
  expect(answer.headers['content-type'], shown).toMatch(/^application\/problem\+json/);
  const problem = answer.json<Problem>();
  expect(typeof code === 'string' ? [code] : code, shown).toContain(problem.code);
  expect(problem.type).toBe(`https://chasqui.dev/errors#${problem.code}`);
  expect(problem.status).toBe(status);
  expect(problem.title.length).toBeGreaterThan(0);
  expect(problem.detail.length).toBeGreaterThan(0);
  expect(problem.instance).toBe(answer.headers['chasqui-request-id']);
  expect(typeof problem.retryable).toBe('boolean');
  if (status < 500) expect(problem.sideEffects, shown).toBe('none');
  for (const fault of problem.errors ?? []) {
    expect(typeof fault.path).toBe('string');
    expect(typeof fault.message).toBe('string');
  }
  return problem;
};

/** Two refusals that a caller cannot tell apart: the same status, headers and body but for what names the one request. */
export const expectSameRefusal = (left: Answer, right: Answer): void => {
  expect(anonymous(right)).toEqual(anonymous(left));
};

const PER_REQUEST = new Set([
  'chasqui-request-id',
  'date',
  'traceparent',
  'content-length',
  'apigw-requestid',
  'x-amzn-requestid',
]);

const anonymous = (answer: Answer): unknown => {
  const headers = Object.entries(answer.headers).filter(([name]) => !PER_REQUEST.has(name));
  return { status: answer.status, headers, body: { ...answer.json<Problem>(), instance: '' } };
};
