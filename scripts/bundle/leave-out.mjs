import { readFile } from 'node:fs/promises';

/**
 * Parts of the packages that a function in Lambda never comes to, and what stands in a bundle for each. The functions talk to DynamoDB
 * and to S3 with the SDK's own clients; these are the roads of the clients that nothing here takes.
 */
const LEFT_OUT = [
  {
    // Imported when an answer is a stream of events, which none is. A dynamic import of it keeps half of the SDK's core from being shaken.
    file: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    contents: `export const eventStreamSerdeProvider = () => ({});
      export const resolveEventStreamSerdeConfig = (config) => config;
      export class EventStreamSerde {}`,
  },
  {
    // DynamoDB's endpoints need no discovery; it is off unless it is asked for.
    file: /@aws-sdk\/endpoint-cache\/dist-es\/EndpointCache\.js$/,
    contents: 'export class EndpointCache {}',
  },
  {
    // There is no home folder with a configuration in Lambda: everything is in the environment.
    file: /@smithy\/core\/dist-es\/submodules\/config\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    contents: `export const CONFIG_PREFIX_SEPARATOR = '.';
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
];

const SCHEMAS = /@aws-sdk\/client-[a-z0-9]+\/dist-es\/schemas\/schemas_\d+\.js$/;

/**
 * The SDK writes the names of a schema's traits as computed keys (`[_hC]: "-"`). To a bundler that may have an effect, so the schemas
 * of all operations stay. With plain keys, those of the operations that are called are left.
 */
const withPlainKeys = (source) => {
  const names = new Map(Array.from(source.matchAll(/^const (_\w+) = ("[^"]*");$/gm), ([, name, text]) => [name, text]));
  return source.replaceAll(/\[(_\w+)\]:/g, (key, name) => (names.has(name) ? `${names.get(name)}:` : key));
};

/** For esbuild. */
export const leaveOut = {
  name: 'leave-out',
  setup(build) {
    for (const { file, contents } of LEFT_OUT) build.onLoad({ filter: file }, () => ({ contents, loader: 'js' }));
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => ({ contents: withPlainKeys(await readFile(path, 'utf8')) }));
  },
};
