/** Takes the place of `src/observe/exchange-record.ts`: no record is made. */
import type { exchangeRecord as shipped } from '../../../src/observe/exchange-record.ts';

export const exchangeRecord: typeof shipped = () => ({});
