import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that start servers or command lines, or open a durable log for each case: the long ones, whatever the length of their files. */
const LONG = /\/test\/(?:faults|cli|conformance|scripts|cdk)\/|\/embedded\/contracts\.test\.ts$/;

/**
 * Vitest begins with the longest files by the bytes of their source where it has not measured them yet, as in a fresh clone. One that
 * takes long although it is short would come last, and a processor would wait for it at the end.
 */
export class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(LONG.test(b.moduleId)) - Number(LONG.test(a.moduleId)));
  }
}
