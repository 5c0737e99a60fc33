import { ChasquiError } from '../contract/errors.ts';
import type { MemberName, TopicName } from '../contract/ids.ts';
import type { GroupState, Member } from '../ports/group-store.ts';
import { isOwnedBy } from './lease-changes.ts';
import { type Place, placesOf } from './place.ts';

export const assignmentOf = (state: GroupState, member: Pick<Member, 'name' | 'generation'>): Place[] =>
  placesOf(state.leases.filter((lease) => isOwnedBy(lease, member)));

/** 409 with the truth: the member's generation and what it has, or the group's newest and nothing. */
export const fenced = (state: GroupState, name: MemberName, detail: string): ChasquiError => {
  const member = state.members.find((known) => known.name === name);
  return new ChasquiError('fenced', detail, {
    extra: {
      generation: member?.generation ?? state.generation,
      assignment: member === undefined ? [] : assignmentOf(state, member),
    },
  });
};

export const groupGone = (): ChasquiError => new ChasquiError('group_not_found', 'There is no group of this name.');

export const memberGone = (): ChasquiError =>
  new ChasquiError('member_not_found', 'The group has no member of this name.');

/**
 * The member, if it still is what the caller takes it for, and reads nothing that the caller may not know of.
 * @throws {ChasquiError} `fenced`; `member_not_found` for a generation that nobody ever had.
 */
export const memberOf = (
  state: GroupState,
  name: MemberName,
  generation: number,
  isVisible: (topic: TopicName) => boolean,
): Member => {
  const member = state.members.find((known) => known.name === name);
  if (member?.topics.every(isVisible) === false) throw memberGone();
  if (member?.generation === generation) return member;
  if (member === undefined && generation > state.generation) throw memberGone();
  throw fenced(
    state,
    name,
    'The generation is not current: the member was declared dead, has left or has joined anew.',
  );
};
