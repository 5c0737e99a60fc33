import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../shared/runtime/config.ts';
import { StartError } from '../../../shared/runtime/start-error.ts';

const DEFAULTS = {
  host: '127.0.0.1',
  port: 4000,
  dataFolder: './.chasqui',
  zones: undefined,
  operatorKey: undefined,
  logLevel: 'info',
  allowPrivateEndpoints: false,
  corsOrigins: [],
};

describe('readConfig', () => {
  it('has a default for every setting', () => {
    expect(readConfig({})).toEqual(DEFAULTS);
    expect(readConfig({ PATH: '/bin', HOME: '/root', CHASQUI_PORT: '' })).toEqual(DEFAULTS);
  });

  it('takes every setting, and leaves the command line its own', () => {
    const environment = {
      CHASQUI_HOST: '::1',
      CHASQUI_PORT: '0',
      CHASQUI_DATA: '/var/lib/chasqui',
      CHASQUI_OPERATOR_KEY: 'a~b!',
      CHASQUI_ZONES: '3',
      CHASQUI_LOG: 'debug',
      CHASQUI_ALLOW_PRIVATE_ENDPOINTS: '1',
      CHASQUI_CORS_ORIGINS: 'https://app.example, http://localhost:8080',
      CHASQUI_URL: 'http://127.0.0.1:4000',
      CHASQUI_KEY: 'chq_x',
    };
    expect(readConfig(environment)).toEqual({
      host: '::1',
      port: 0,
      dataFolder: '/var/lib/chasqui',
      zones: 3,
      operatorKey: 'a~b!',
      logLevel: 'debug',
      allowPrivateEndpoints: true,
      corsOrigins: ['https://app.example', 'http://localhost:8080'],
    });
  });

  it.each([
    ['CHASQUI_PROT', 'CHASQUI_PORT'],
    ['CHASQUI_DATA_DIR', 'CHASQUI_DATA'],
    ['CHASQUI_OPERATORKEY', 'CHASQUI_OPERATOR_KEY'],
    ['CHASQUI_LOG_LEVEL', 'CHASQUI_LOG'],
    ['CHASQUI_port', 'CHASQUI_PORT'],
  ])('takes %s for a typing error, and names %s', (name, meant) => {
    expect(() => readConfig({ [name]: '1' })).toThrow(StartError);
    expect(() => readConfig({ [name]: '1' })).toThrow(new RegExp(`${name} .*${meant}\\?`));
  });

  it.each([
    ['CHASQUI_PORT', '65536'],
    ['CHASQUI_PORT', '-1'],
    ['CHASQUI_PORT', '4000.5'],
    ['CHASQUI_PORT', 'http'],
    ['CHASQUI_LOG', 'verbose'],
    ['CHASQUI_ZONES', '0'],
    ['CHASQUI_ZONES', '7'],
    ['CHASQUI_ZONES', 'three'],
    ['CHASQUI_ALLOW_PRIVATE_ENDPOINTS', 'yes'],
    ['CHASQUI_OPERATOR_KEY', 'two words'],
    ['CHASQUI_OPERATOR_KEY', 'ключ'],
    ['CHASQUI_CORS_ORIGINS', 'app.example'],
    ['CHASQUI_CORS_ORIGINS', 'https://app.example/'],
    ['CHASQUI_CORS_ORIGINS', 'https://app.example, ftp://app.example'],
  ])('refuses %s=%s in one line that names it', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} [^\\n]+\\.$`));
  });

  it('never repeats a key that it refuses', () => {
    expect(() => readConfig({ CHASQUI_OPERATOR_KEY: 'two words' })).not.toThrow(/two words/);
  });
});
