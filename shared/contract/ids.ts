declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A tenant's own id. Comes from the credential only, and is the first part of every stored key. */
export type TenantId = Branded<string, 'TenantId'>;
export type TopicName = Branded<string, 'TopicName'>;
/** A topic's identity (UUIDv7): a topic made again under the same name has another one. */
export type TopicId = Branded<string, 'TopicId'>;
export type KeyId = Branded<string, 'KeyId'>;
export type GroupName = Branded<string, 'GroupName'>;
export type MemberName = Branded<string, 'MemberName'>;
export type SubscriptionId = Branded<string, 'SubscriptionId'>;

/** Contract section 1: names of tenants, topics, groups, members, subscriptions. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const parseName = <Id extends string>(text: string): Id | undefined =>
  NAME_PATTERN.test(text) ? (text as Id) : undefined;

export const parseTenantId = (text: string): TenantId | undefined => parseName<TenantId>(text);
export const parseTopicName = (text: string): TopicName | undefined => parseName<TopicName>(text);
export const parseTopicId = (text: string): TopicId | undefined =>
  UUID_PATTERN.test(text) ? (text as TopicId) : undefined;
export const parseGroupName = (text: string): GroupName | undefined => parseName<GroupName>(text);
export const parseMemberName = (text: string): MemberName | undefined => parseName<MemberName>(text);
export const parseKeyId = (text: string): KeyId | undefined => parseName<KeyId>(text);
export const parseSubscriptionId = (text: string): SubscriptionId | undefined => parseName<SubscriptionId>(text);
