import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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
    // Reads the name of a browser.
    file: /bowser\/bowser\.mjs$/,
    contents: 'export default {};',
  },
  {
    // For where there is no node:crypto.
    file: /\/(?:Sha256Js|Sha1Js|Md5Js)\.js$/,
    contents: 'export class Sha256Js {}\nexport class Sha1Js {}\nexport class Md5Js {}',
  },
  {
    // For clients that repeat their requests adaptively; ours repeat nothing by themselves.
    file: /util-retry\/DefaultRateLimiter\.js$/,
    contents: 'export class DefaultRateLimiter {}',
  },
  {
    // There is no home folder with a configuration in Lambda: everything is in the environment.
    file: /@smithy\/core\/dist-es\/submodules\/config\/shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    contents: `export const CONFIG_PREFIX_SEPARATOR = '.';
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    // Machine code is a package for each kind of processor, and none is in a bundle: not looked for at the start either.
    file: /shared\/lib\/crc-native\.ts$/,
    contents: 'export const loadNativeCrc = () => undefined;',
  },
  {
    // Forms, which no route takes.
    file: /hono\/dist\/utils\/body\.js$/,
    contents: 'export const parseBody = () => ({});',
  },
  {
    // Pages, which no route answers.
    file: /hono\/dist\/utils\/html\.js$/,
    contents: `export const HtmlEscapedCallbackPhase = {};
      export const resolveCallback = (text) => text;`,
  },
  {
    // Apps that are no Hono's.
    file: /hono\/dist\/utils\/mount\.js$/,
    contents: 'export const createMountedRequest = () => undefined;',
  },
  {
    // Streams of the web and blobs: what comes from node:http is a stream of Node. To ask whether something is one loads all of them.
    file: /util-stream\/stream-type-check\.js$/,
    contents: 'export const isReadableStream = () => false;\nexport const isBlob = () => false;',
  },
  {
    // A class on top of such a stream.
    file: /util-stream\/checksum\/ChecksumStream\.browser\.js$/,
    contents: 'export class ChecksumStream {}',
  },
  {
    // Takes its numbers from the other crypto, which nothing else here loads.
    file: /serde\/uuid\/v4\.js$/,
    contents: `import { randomUUID } from 'node:crypto';
      export const bindV4 = () => () => randomUUID();`,
  },
  {
    // Of files too, for which it loads their streams. Ours are texts and bytes.
    file: /util-body-length\/calculateBodyLength\.js$/,
    contents: `export const calculateBodyLength = (body) => (body ? Buffer.byteLength(body) : 0);`,
  },
  {
    // Words of zod's for faults: the edge has its own (shared/http/validate.ts).
    file: /zod\/v4\/locales\/en\.js$/,
    contents: `export default () => ({ localeError: () => 'is not valid' });`,
  },
];

/** Makes JSON Schema, for the OpenAPI document that one function gives. */
const JSON_SCHEMA = /zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/;

/** The same exports, doing nothing. */
const hollow = (source) =>
  Array.from(source.matchAll(/^export (?:const|function) (\w+)/gm), ([, name]) => `export const ${name} = () => ({});`)
    .concat(source.includes('export { processSchema as process }') ? 'export { processSchema as process };' : [])
    .join('\n');

/** A package says its version in every request, and nothing else of its manifest. */
const MANIFEST = /package\.json$/;
const versionOf = (source) => JSON.stringify({ version: JSON.parse(source).version });

const SCHEMAS = /@aws-sdk\/client-[a-z0-9]+\/dist-es\/schemas\/schemas_\d+\.js$/;

/** Node has hashes; to try each of them out at the start takes longer than to read their code. */
const HASHES = /submodules\/checksum\/\w+\/\w+Node\.js$/;
const withNativeHash = (source) =>
  source.replace(/const hasNativeCrypto = \(\(\) => \{[\s\S]*?\n\}\)\(\);/, 'const hasNativeCrypto = true;');

/**
 * The SDK writes the names of a schema's traits as computed keys (`[_hC]: "-"`). To a bundler that may have an effect, so the schemas
 * of all operations stay. With plain keys, those of the operations that are called are left.
 */
const withPlainKeys = (source) => {
  const names = new Map(Array.from(source.matchAll(/^const (_\w+) = ("[^"]*");$/gm), ([, name, text]) => [name, text]));
  return source.replaceAll(/\[(_\w+)\]:/g, (key, name) => (names.has(name) ? `${names.get(name)}:` : key));
};

/**
 * The one protocol that DynamoDB speaks, instead of the list of all: whatever is in that list and used by S3 would be read at
 * every start. Where the list itself says that something is from somewhere else, that is taken.
 */
const JSON_PROTOCOL = 'json/AwsJson1_0Protocol.js';
const LIST_OF_PROTOCOLS = /^@aws-sdk\/core\/protocols$/;

const resolveProtocol =
  (bundle) =>
  async ({ path, importer, kind, resolveDir }) => {
    if (importer.includes('/dynamodb-codec/')) return bundle.resolve('@smithy/core/protocols', { kind, resolveDir });
    if (!importer.includes('/client-dynamodb/')) return undefined;
    const list = await bundle.resolve(path, { kind, resolveDir });
    return { path: join(dirname(list.path), JSON_PROTOCOL), sideEffects: false };
  };

/** For esbuild. `jsonSchema`: whether the function makes any. */
export const leaveOut = ({ jsonSchema }) => ({
  name: 'leave-out',
  setup(bundle) {
    const rewrite = (filter, change, loader = 'js') =>
      bundle.onLoad({ filter }, async ({ path }) => ({ contents: change(await readFile(path, 'utf8')), loader }));
    for (const { file, contents } of LEFT_OUT) rewrite(file, () => contents);
    bundle.onResolve({ filter: LIST_OF_PROTOCOLS }, resolveProtocol(bundle));
    rewrite(SCHEMAS, withPlainKeys);
    rewrite(HASHES, withNativeHash);
    rewrite(MANIFEST, versionOf, 'json');
    if (!jsonSchema) rewrite(JSON_SCHEMA, hollow);
  },
});
