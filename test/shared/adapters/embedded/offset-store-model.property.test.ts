import { describeOffsetStoreModel } from '../../../properties/offset-store-model.ts';
import { openOne } from './support/test-folder.ts';

/** A checkpoint after nearly every group, so that what is read comes from memory, from the tables and from the journal in turns. */
const EAGER = { rollBytes: 4000, checkpoints: { maxJournalBytes: 1000 } };

describeOffsetStoreModel('embedded', () => openOne(({ offsets }) => offsets), 15);
describeOffsetStoreModel('embedded, crashing', () => openOne(({ offsets }) => offsets, 'crashed', EAGER), 6);
