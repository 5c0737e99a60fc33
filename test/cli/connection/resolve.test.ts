import { describe, expect, it } from 'vitest';
import type { Config } from '../../../cli/connection/config-file.ts';
import { resolveConnection } from '../../../cli/connection/resolve.ts';

const config: Config = {
  current: 'local',
  profiles: {
    local: { url: 'http://127.0.0.1:4000', key: 'local-key' },
    cloud: { url: 'https://bus.example/api', key: 'cloud-key' },
    keyless: { url: 'http://127.0.0.1:5000' },
  },
};
const environment = { CHASQUI_URL: 'http://environment.test', CHASQUI_KEY: 'environment-key' };

describe('resolveConnection', () => {
  it.each([
    ['the current profile', {}, {}, { url: 'http://127.0.0.1:4000', key: 'local-key' }],
    ['the environment before it', {}, environment, { url: 'http://environment.test', key: 'environment-key' }],
    [
      'a profile that is named before the environment',
      { profile: 'cloud' },
      environment,
      { url: 'https://bus.example/api', key: 'cloud-key' },
    ],
    [
      'flags before everything',
      { url: 'http://flag.test', apiKey: 'flag-key' },
      environment,
      { url: 'http://flag.test', key: 'flag-key' },
    ],
    [
      'a profile’s key for another path of its server',
      { url: 'http://127.0.0.1:4000/x' },
      {},
      { url: 'http://127.0.0.1:4000/x', key: 'local-key' },
    ],
  ])('takes %s', (_what, flags, variables, connection) => {
    expect(resolveConnection(flags, variables, config)).toEqual(connection);
  });

  it('does not send a profile’s key to another server', () => {
    expect(() => resolveConnection({ url: 'http://evil.test' }, {}, config)).toThrow('no key for http://evil.test');
    expect(() => resolveConnection({}, { CHASQUI_URL: 'http://evil.test' }, config)).toThrow('no key');
  });

  it('does not take a dash, which stands for standard input elsewhere, for a key', () => {
    expect(() => resolveConnection({ apiKey: '-' }, environment, config)).toThrow('Only `chasqui profile set`');
  });

  it('says that there is no key, or no such profile', () => {
    expect(() => resolveConnection({}, {}, { profiles: {} })).toThrow('no key for http://127.0.0.1:4000');
    expect(() => resolveConnection({ profile: 'keyless' }, environment, config)).toThrow('no key');
    expect(() => resolveConnection({ profile: 'constructor' }, {}, config)).toThrow('no profile "constructor"');
  });
});
