/** A header list as it stands on the wire: order, case and repetition count (contract 1.7, 8.1). */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Taken out of requests and responses alike (contract 1.3, 1.4). */
const SKIPPED = new Set([
  'transfer-encoding',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'connection',
  'user-agent',
  'host',
  'content-length',
  'server',
  'expect',
]);
/** What a consumer may not say of itself (contract 1.3), and what a provider may not (contract 1.4). */
const FROM_CONSUMER = new Set(['x-road-request-id', 'x-road-request-hash']);
const FROM_PROVIDER = new Set(['x-road-id', 'x-road-client', 'x-road-request-id', 'x-road-request-hash']);

export function headerList(raw: readonly string[]): HeaderList {
  return Array.from(
    { length: raw.length / 2 },
    (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? ''] as const,
  );
}

export function fromConsumer(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => !SKIPPED.has(name.toLowerCase()) && !FROM_CONSUMER.has(name.toLowerCase()));
}

/** `X-Road-Service` and `X-Road-Error` of a provider's own making are not taken out: the consumer would see them. */
export function fromProvider(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => !SKIPPED.has(name.toLowerCase()) && !FROM_PROVIDER.has(name.toLowerCase()));
}

/** The last one wins where a header is repeated (contract 1.3). */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  return headers.findLast(([given]) => given.toLowerCase() === name)?.[1];
}
