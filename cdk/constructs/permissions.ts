import type { FunctionName } from './function-name.ts';

/** What a function does in the stores; its policy is made of this and nothing else. */
export interface Permissions {
  readonly table: readonly string[];
  readonly objects: readonly string[];
}

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;
/** A transaction needs what its parts do, and no action of its own. */
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'] as const;

export const PERMISSIONS: Readonly<Record<FunctionName, Permissions>> = {
  produce: { table: [...READ, ...WRITE], objects: ['s3:PutObject'] },
  fetch: { table: READ, objects: ['s3:GetObject'] },
  subscribe: { table: [...READ, ...WRITE, 'dynamodb:ConditionCheckItem'], objects: ['s3:GetObject'] },
  admin: { table: [...READ, ...WRITE], objects: [] },
  maintain: { table: [...READ, 'dynamodb:PutItem', 'dynamodb:UpdateItem'], objects: ['s3:GetObject', 's3:PutObject'] },
  deliver: { table: [...READ, ...WRITE], objects: ['s3:GetObject', 's3:PutObject'] },
};

/** For the table's data, and the objects', where a key of the customer's encrypts them. */
export const KEY_ACTIONS = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'] as const;
