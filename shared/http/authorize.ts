import { ChasquiError } from '../contract/errors.ts';
import type { NamedTopic, Route } from '../contract/route.ts';
import type { Principal } from '../tenancy/principal.ts';
import { hasAction, opensTopic } from '../tenancy/scopes.ts';

/** Names nothing of the request, so that a refusal tells nothing either. */
const forbidden = (detail: string): ChasquiError => new ChasquiError('forbidden', detail);

/**
 * Judged by the credential and the name in the path alone, before it is known whether the thing exists.
 * @throws {ChasquiError} `forbidden`
 */
export const authorize = (route: Route, principal: Principal, topic: string | undefined): void => {
  if (route.credential === 'any') return;
  if (principal.kind !== route.credential) throw forbidden(`This route takes ${HOLDERS[route.credential]} key only.`);
  if (principal.kind === 'operator') return;
  if (route.keyAction !== undefined && !hasAction(principal.scopes, route.keyAction)) {
    throw forbidden(`The key lacks the action ${route.keyAction}.`);
  }
  if (route.topicActions !== undefined && !opensTopic(principal.scopes, route.topicActions, topic ?? '')) {
    throw forbidden(`The key lacks ${route.topicActions.join(' or ')} on this topic.`);
  }
};

/** The same for the topics that the body names. @throws {ChasquiError} `forbidden` */
export const authorizeNamed = (named: readonly NamedTopic[], principal: Principal | undefined): void => {
  if (principal?.kind !== 'tenant') return;
  const closed = named.find(({ topic, actions }) => !opensTopic(principal.scopes, actions, topic));
  if (closed !== undefined)
    throw forbidden(`The key lacks ${closed.actions.join(' or ')} on a topic that the body names.`);
};

const HOLDERS = { none: 'any', operator: "the operator's", tenant: "a tenant's" };
