import type { Command } from 'commander';
import { nameArgument, wholeNumber } from '../arguments.ts';
import { CliError } from '../cli-error.ts';
import { confirm } from '../confirm.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { EXIT } from '../exit.ts';
import { showOne } from '../output/show.ts';

interface DeleteOptions {
  readonly before: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Moves the log start of a partition, and tells before how much that deletes. */
const deleteRecords = async (name: string, partition: number, options: DeleteOptions, command: Command) => {
  const { topics } = connect(command);
  const { before, dryRun = false } = options;
  const bounds = (await topics.partitions(name)).data[partition];
  if (bounds === undefined) throw new CliError('partition_not_found', `${name} has no such partition.`, EXIT.notFound);
  const { logStartOffset, highWatermark } = bounds;
  // Beyond the high watermark the server refuses: nothing is asked, and a dry run says so too.
  if (dryRun && before > highWatermark) {
    const detail = `${before} is beyond the high watermark, ${highWatermark}.`;
    throw new CliError('offset_out_of_range', detail, EXIT.failure);
  }
  const deletes = before > highWatermark ? 0 : Math.max(0, before - logStartOffset);
  if (!dryRun) {
    if (deletes > 0) await confirm(`Delete ${deletes} records of ${name}, partition ${partition}?`, options);
    await topics.deleteRecords(name, partition, before);
  }
  await showOne(
    { partition, from: logStartOffset, to: logStartOffset + deletes, deletes, dryRun },
    globalOptions(command),
  );
};

export const addDeleteRecords = (topics: Command): void => {
  topics
    .command('delete-records')
    .description('delete the oldest records of a partition, for ever')
    .argument('<topic>', 'its name', nameArgument)
    .argument('<partition>', 'which', wholeNumber())
    .requiredOption('--before <offset>', 'the first offset that stays', wholeNumber())
    .option('--dry-run', 'say how many it would delete')
    .option('--yes', 'do not ask')
    .action(deleteRecords);
};
