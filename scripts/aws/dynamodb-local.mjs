import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BUILD, findRunning, portFor, SetupError, startInBackground } from './background-process.mjs';
import { outputOf, runToEnd } from './run-to-end.mjs';

/** AWS's own DynamoDB Local: the reference for expressions, conditions and transactions. */
const VERSION = '2.6.1';
const HOME = join(BUILD, 'dynamodb-local');
const LIBRARIES = join(HOME, 'lib');
const INSTALLED = join(HOME, `installed-${VERSION}`);
/** Carries an older one for those who have no Maven. */
const NPM_PACKAGE = 'amplify-dynamodb-simulator@2.9.30';
const USUAL_PORT = 8000;
const OLDEST_JAVA = 17;
/** Little memory and no second compiler: it starts twice as fast, and what it does here is small. */
const JAVA_FLAGS = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const MAIN_CLASS = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>chasqui</groupId><artifactId>dynamodb-local</artifactId><version>1</version><dependencies><dependency>
<groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>${VERSION}</version>
</dependency></dependencies></project>
`;

const checkJava = () => {
  const said = outputOf('java', ['-version']);
  if (said === undefined)
    throw new SetupError(`DynamoDB Local needs Java: install a runtime of version ${OLDEST_JAVA} or later.`);
  const version = Number(/version "(\d+)/.exec(said)?.[1] ?? 0);
  if (version < OLDEST_JAVA)
    throw new SetupError(`DynamoDB Local needs Java ${OLDEST_JAVA} or later; this is ${version}.`);
};

const installFromMaven = () => {
  writeFileSync(join(HOME, 'pom.xml'), POM);
  const goal = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${LIBRARIES}`];
  runToEnd('Fetching DynamoDB Local from Maven Central', 'mvn', goal, { cwd: HOME });
};

const installFromNpm = () => {
  const flags = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', HOME, NPM_PACKAGE];
  runToEnd('Fetching DynamoDB Local from npm (mvn is not there)', 'npm', flags);
};

const install = () => {
  checkJava();
  if (existsSync(INSTALLED)) return;
  process.stderr.write(`Fetching DynamoDB Local ${VERSION} (once) …\n`);
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  if (outputOf('mvn', ['--version']) === undefined) installFromNpm();
  else installFromMaven();
  writeFileSync(INSTALLED, '');
};

/** Where the jars and the native libraries are: as Maven puts them, or inside the npm package. */
const layout = () => {
  if (existsSync(LIBRARIES)) return { classes: join(LIBRARIES, '*'), natives: LIBRARIES };
  const emulator = join(HOME, 'node_modules', 'amplify-dynamodb-simulator', 'emulator');
  const natives = join(emulator, 'DynamoDBLocal_lib');
  const jar = readdirSync(emulator).find((name) => name.endsWith('.jar'));
  if (jar === undefined) throw new SetupError(`There is no jar in ${emulator}; remove ${HOME} and try again.`);
  return { classes: [join(emulator, jar), join(natives, '*')].join(delimiter), natives };
};

/** `name` tells several servers apart. */
export const startDynamoDbLocal = async (name = 'dynamodb-local') => {
  const running = findRunning(name);
  if (running !== undefined) return running;
  install();
  const port = await portFor(USUAL_PORT);
  const endpoint = `http://127.0.0.1:${port}`;
  const { classes, natives } = layout();
  const server = [MAIN_CLASS, '-port', String(port), '-inMemory', '-sharedDb', '-disableTelemetry'];
  return startInBackground({
    name,
    command: 'java',
    args: [...JAVA_FLAGS, `-Djava.library.path=${natives}`, '-cp', classes, ...server],
    env: {},
    endpoint,
    readyUrl: endpoint,
    mark: `${MAIN_CLASS} -port ${port}`,
  });
};
