import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from './function-name.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * A function's bundle, made by the same script that CI measures. The asset is named by what comes out, so that a second synthesis of
 * the same sources changes nothing. A stack that skips bundling (`aws:cdk:bundling-stacks`) gets the sources instead.
 */
export const functionCode = (name: FunctionName): AssetCode =>
  Code.fromAsset(pathOf(`functions/${name}`), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used'),
      local: {
        tryBundle: (folder) => {
          execFileSync(process.execPath, [pathOf('scripts/bundle-function.mjs'), name, folder], { stdio: 'inherit' });
          return true;
        },
      },
    },
  });
