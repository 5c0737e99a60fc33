import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMIT_UNITS, OPERATIONS } from '../../scripts/cost/operations.ts';
import { AwsUnderTest } from './log-on-aws.ts';
