/**
 * Who may import whom. Each layer lists what it may reach; everything else is an error, so that a new folder has to be given its
 * place here before it can be used.
 */
const CONTRACT = '^shared/contract/';
const LIB = '^shared/lib/';
const PORTS = '^shared/ports/';
const DOMAIN = '^shared/(log|groups|delivery|tenancy)/';
const HTTP = '^shared/http/';
const RUNTIME = '^shared/runtime/';
const HONO = '^node_modules/hono/';
const ZOD = '^node_modules/zod/';

const NODE_TYPES = ['core'];

/** The code under `from` may import the paths of `to` (and the kinds of module of `kinds`) and nothing else. */
const only = (name, from, to, kinds = []) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { pathNot: to, ...(kinds.length > 0 ? { dependencyTypesNot: kinds } : {}) },
});

/** Of `to`, the code under `from` may import types, which vanish, but nothing that runs. */
const typesOnly = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: to, dependencyTypesNot: ['type-only'] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    only('lib-stands-alone', LIB, [LIB], NODE_TYPES),
    only('contract-knows-lib-and-zod', CONTRACT, [CONTRACT, LIB, ZOD]),
    only('ports-know-the-contract', PORTS, [PORTS, CONTRACT]),
    typesOnly('ports-take-types-of-the-contract', PORTS, CONTRACT),
    only('domain-is-pure', DOMAIN, [DOMAIN, CONTRACT, LIB, PORTS]),
    only('http-knows-hono-and-the-domain', HTTP, [HTTP, DOMAIN, CONTRACT, LIB, PORTS, HONO, ZOD], NODE_TYPES),
    typesOnly('http-takes-types-of-zod', HTTP, ZOD),
    only('routes-know-http-and-the-domain', '^functions/((?!local/)[^/]+)/(?!handler\\.ts$)', [
      '^functions/$1/',
      HTTP,
      DOMAIN,
      CONTRACT,
      PORTS,
      HONO,
    ]),
    typesOnly('edge-takes-types-of-the-ports', ['^shared/http/', '^functions/'], PORTS),
    only('handlers-wire', '^functions/((?!local/)[^/]+)/handler\\.ts$', ['^functions/$1/', HTTP, RUNTIME, HONO]),
    only(
      'local-mounts-everything',
      '^functions/local/',
      ['^functions/', HTTP, RUNTIME, CONTRACT, LIB, HONO],
      NODE_TYPES,
    ),
    only('memory-adapter', '^shared/adapters/memory/', ['^shared/adapters/memory/', CONTRACT, LIB, PORTS], NODE_TYPES),
    only(
      'embedded-adapter',
      '^shared/adapters/embedded/',
      ['^shared/adapters/embedded/', CONTRACT, LIB, PORTS, '^node_modules/(lmdb|uuid)/'],
      NODE_TYPES,
    ),
    only(
      'dynamodb-adapter',
      '^shared/adapters/dynamodb/',
      [
        '^shared/adapters/dynamodb/',
        CONTRACT,
        LIB,
        PORTS,
        '^node_modules/@aws-sdk/client-dynamodb/',
        '^node_modules/uuid/',
      ],
      NODE_TYPES,
    ),
    only(
      's3-adapter',
      '^shared/adapters/s3/',
      ['^shared/adapters/s3/', CONTRACT, LIB, PORTS, '^node_modules/@aws-sdk/client-s3/', '^node_modules/uuid/'],
      NODE_TYPES,
    ),
    only(
      'sqs-adapter',
      '^shared/adapters/sqs/',
      ['^shared/adapters/sqs/', CONTRACT, LIB, PORTS, '^node_modules/@aws-sdk/client-sqs/'],
      NODE_TYPES,
    ),
    only(
      'placement-adapter',
      '^shared/adapters/placement/',
      ['^shared/adapters/placement/', CONTRACT, LIB, PORTS],
      NODE_TYPES,
    ),
    only(
      'secrets-adapter',
      '^shared/adapters/secrets/',
      ['^shared/adapters/secrets/', CONTRACT, LIB, PORTS],
      NODE_TYPES,
    ),
    only(
      'webhook-adapter',
      '^shared/adapters/webhook/',
      ['^shared/adapters/webhook/', CONTRACT, LIB, PORTS, '^node_modules/ipaddr\\.js/'],
      NODE_TYPES,
    ),
    only('wrapping-adapters-know-no-sdk', '^shared/adapters/wrap/', ['^shared/adapters/wrap/', CONTRACT, LIB, PORTS]),
    {
      name: 'only-adapters-know-the-store',
      severity: 'error',
      from: { path: '^(shared|functions|client|cli|scripts)/', pathNot: '^shared/adapters/embedded/' },
      to: { path: '^node_modules/lmdb/' },
    },
    {
      name: 'only-adapters-and-runtime-know-aws',
      severity: 'error',
      from: { path: '^(shared|functions|client|cli)/', pathNot: ['^shared/adapters/(dynamodb|s3|sqs)/', RUNTIME] },
      to: { path: '^node_modules/@aws-sdk/' },
    },
    {
      name: 'only-runtime-wires',
      severity: 'error',
      from: { path: '^(shared|functions|cli)/', pathNot: ['^shared/(adapters|runtime)/', '^functions/local/'] },
      to: { path: '^shared/adapters/' },
    },
    {
      name: 'functions-stay-apart',
      severity: 'error',
      from: { path: '^functions/([^/]+)/', pathNot: '^functions/local/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'command-line-sees-the-contract-only',
      severity: 'error',
      from: { path: '^(cli|client|console)/' },
      to: { path: '^(shared|functions)/', pathNot: [CONTRACT, LIB] },
    },
    {
      name: 'infrastructure-names-functions-by-path',
      severity: 'error',
      from: { path: '^cdk/' },
      to: { path: '^(shared|functions|client|cli)/', pathNot: CONTRACT },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: { pathNot: '^client/' },
      to: { path: '(^|/)index\\.m?ts$', pathNot: ['node_modules/', '^client/'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'everything-resolves',
      comment: 'What cannot be resolved does not exist, or is not in package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-packages-at-run-time',
      severity: 'error',
      from: { path: '^(shared|functions|cli)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^\\.build/', '^coverage/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
