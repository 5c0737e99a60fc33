import { openDeployment } from './deployment.ts';

/* For a shell: `eval "$(npm run --silent aws:connect)"`, and `npx chasqui` speaks to the deployed bus as its operator. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

openDeployment().then(
  ({ baseUrl, operatorKey }) => console.log(`export CHASQUI_URL=${quoted(baseUrl)} CHASQUI_KEY=${quoted(operatorKey)}`),
  (error: NodeJS.ErrnoException) => {
    // That there is no file of outputs is what the question below says.
    const reason = error.code === 'ENOENT' ? '' : `${error.message}\n`;
    console.error(`${reason}Is a bus deployed here? \`npm run aws:start\` and \`npm run aws:deploy\` do that.`);
    process.exitCode = 1;
  },
);
