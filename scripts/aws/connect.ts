import { openDeployment } from './deployment.ts';

/* For a shell: `eval "$(npm run --silent aws:connect)"`, and `npx chasqui` speaks to the deployed bus as its operator. */
openDeployment().then(
  ({ baseUrl, operatorKey }) => console.log(`export CHASQUI_URL='${baseUrl}' CHASQUI_KEY='${operatorKey}'`),
  (error: Error) => {
    console.error(
      `${error.message}\nIs a bus deployed here? \`npm run aws:start\` and \`npm run aws:deploy\` do that.`,
    );
    process.exitCode = 1;
  },
);
