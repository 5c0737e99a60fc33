import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { copyTable } from './copy-table.ts';

/* Back to a table that was restored beside the first one: `npm run aws:restore -- <restored table> <table of the stack>`. */
const [from, to] = process.argv.slice(2);

if (from === undefined || to === undefined) {
  console.error('Say which table to copy, and onto which: npm run aws:restore -- <restored> <TableName>');
  process.exitCode = 1;
} else {
  copyTable(new DynamoDBClient({}), from, to).then(
    ({ copied, removed }) => console.log(`${copied} items copied, ${removed} newer ones removed.`),
    (error: Error) => {
      console.error(`${error.message}\nNothing is lost: run it again.`);
      process.exitCode = 1;
    },
  );
}
