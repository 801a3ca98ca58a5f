import type { Format } from '../../model/contracts.ts';
import type { FixedWidthEndpoint } from '../../model/definition.ts';
import { csvFormat } from '../csv/format.ts';
export const fixedWidthFormat = { ...csvFormat, name: 'fixedWidth' } as unknown as Format<FixedWidthEndpoint>;
