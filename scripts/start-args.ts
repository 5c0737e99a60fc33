import packageJson from '../package.json' with { type: 'json' };

/** What `npm start` gives to node: its flags, and the script. */
export const START_ARGS: readonly string[] = packageJson.scripts.start.split(' ').slice(2);
