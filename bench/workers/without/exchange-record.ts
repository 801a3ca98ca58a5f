/** Takes the place of `src/observe/exchange-record.ts`: no record is made. */
export function exchangeRecord(): Readonly<Record<string, unknown>> {
  return {};
}
