import { costTable } from './cost-table.ts';

console.log(costTable());
