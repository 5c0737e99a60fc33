import { invalidField } from '../contract/errors.ts';
import {
  parseGroupName,
  parseKeyId,
  parseMemberName,
  parseSubscriptionId,
  parseTenantId,
  parseTopicName,
} from '../contract/ids.ts';
import type { PathParams, Route } from '../contract/route.ts';
import { NAME_RULE } from '../contract/schemas/name.ts';
import type { Exchange } from './exchange.ts';

const PARTITION = /^\d{1,20}$/;

type Parsers = { readonly [Name in keyof PathParams]: (text: string) => PathParams[Name] | undefined };

const PARSERS: Parsers = {
  tenant: parseTenantId,
  topic: parseTopicName,
  key: parseKeyId,
  group: parseGroupName,
  member: parseMemberName,
  subscription: parseSubscriptionId,
  partition: (text) => (PARTITION.test(text) ? Number(text) : undefined),
};

const RULES: Record<keyof PathParams, string> = {
  tenant: NAME_RULE,
  topic: NAME_RULE,
  key: NAME_RULE,
  group: NAME_RULE,
  member: NAME_RULE,
  subscription: NAME_RULE,
  partition: 'must be a number in decimal digits',
};

/** The names of a route's path parameters, in order. */
export const paramNames = (route: Route): (keyof PathParams)[] =>
  [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] as keyof PathParams);

/** Reads a route's path parameters. @throws {ChasquiError} `invalid_request`, naming the parameter. */
export const createParamReader = (route: Route): ((from: Pick<Exchange, 'param'>) => Partial<PathParams>) => {
  const names = paramNames(route);
  return (exchange) => {
    const params: Record<string, unknown> = {};
    for (const name of names) {
      const value = PARSERS[name](exchange.param(name) ?? '');
      if (value === undefined) throw invalidField(name, RULES[name]);
      params[name] = value;
    }
    return params;
  };
};
