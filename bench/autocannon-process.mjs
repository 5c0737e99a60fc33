/** Runs autocannon on the options that it reads from standard input, in a process of its own, and prints the result as JSON. */
import { text } from 'node:stream/consumers';
import autocannon from 'autocannon';

const result = await autocannon(JSON.parse(await text(process.stdin)));
process.stdout.write(JSON.stringify(result));
