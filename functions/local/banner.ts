export interface FirstKeys {
  /** Undefined: it is the one that the configuration gave. */
  readonly operatorKey: string | undefined;
  readonly devKey: string;
}

const quoted = (text: string): string => `"${text}"`;

const curls = (url: string, key: string): string[] => {
  const authorization = `-H ${quoted(`Authorization: Bearer ${key}`)}`;
  const records = `${url}/v1/topics/hello/records`;
  return [
    `curl -X PUT ${url}/v1/topics/hello ${authorization}`,
    `curl ${records} ${authorization} -H "Content-Type: application/json" -d '{"records":[{"key":"k","value":"hello"}]}'`,
    `curl ${records} ${authorization}`,
  ];
};

/** What the first start says: the keys, each alone behind its label, and how to use them. */
export const firstBanner = (url: string, { operatorKey, devKey }: FirstKeys): string =>
  [
    `Chasqui listens on ${url}`,
    '',
    `operator key: ${operatorKey ?? '(the one in CHASQUI_OPERATOR_KEY)'}`,
    'tenant: dev',
    `dev key: ${devKey}`,
    '',
    'These keys are not shown again. Make a topic, write to it, read from it:',
    '',
    ...curls(url, devKey),
    '',
  ].join('\n');

/** What later starts say. An operator key that was made only now is shown here. */
export const banner = (url: string, newOperatorKey: string | undefined): string =>
  `Chasqui listens on ${url}\n${newOperatorKey === undefined ? '' : `operator key: ${newOperatorKey}\n`}`;
