import { SpeanError } from '../../model/errors.ts';
import type { ExchangeRequest } from '../../model/exchange.ts';
import { type IdentifierKind, parseIdentifier } from '../../model/identifiers.ts';
import { readTraceContext } from '../../model/trace.ts';

/** Longest X-Road header value, characters: a security server's own limit is 8 KiB for all headers together. */
export const HEADER_CHARACTERS = 4096;
/** Longest transaction id, characters; a security server's is a UUID. */
export const TRANSACTION_ID_CHARACTERS = 255;
/** Longest nonce, characters: it is echoed in a header of limited size. */
export const NONCE_CHARACTERS = 128;

/** The consumer's own value for the statement to repeat. Not called X-Road-…: those names belong to X-Road. */
export const NONCE_HEADER = 'X-Evidence-Nonce';

/** A consumer's own signed request beside a plain body; answers carry their statement under the same name. */
export const SIGNATURE_HEADER = 'X-Evidence-JWS';

/** The consumer's key of a write (draft-ietf-httpapi-idempotency-key-header); compared as it stands, quotes and all. */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';
export const IDEMPOTENCY_KEY_CHARACTERS = 255;

/** As the Headers class gives them. */
const NONCE = NONCE_HEADER.toLowerCase();
const SIGNATURE = SIGNATURE_HEADER.toLowerCase();
const IDEMPOTENCY = IDEMPOTENCY_HEADER.toLowerCase();

type ExchangeHeaders = Omit<ExchangeRequest, 'method' | 'adapter' | 'path' | 'query' | 'body' | 'caller'>;

/** Taken as they were sent, where they were. */
const OPTIONAL = [
  ['messageId', 'x-road-id'],
  ['userId', 'x-road-userid'],
  ['issue', 'x-road-issue'],
  ['representedParty', 'x-road-represented-party'],
  ['accept', 'accept'],
  ['contentType', 'content-type'],
  ['ifMatch', 'if-match'],
  ['ifNoneMatch', 'if-none-match'],
  ['nonce', NONCE],
  ['signature', SIGNATURE],
  ['idempotencyKey', IDEMPOTENCY],
] as const;

/**
 * Reads what X-Road says about a call (contract 1.3), beside what is known of it from elsewhere. Throws SpeanError
 * `client-missing` or `header-malformed` naming the header. An empty optional header counts as not sent.
 */
export function readExchange(headers: Headers, known: Omit<ExchangeRequest, keyof ExchangeHeaders>): ExchangeRequest {
  const sent = readOnce(headers);
  const client = sent.get('x-road-client');
  if (client === undefined) {
    throw new SpeanError('client-missing', {
      detail: 'The header X-Road-Client is missing: every consumer sends it, and the security server passes it on',
    });
  }
  checkIdentifier('X-Road-Represented-Party', 'representedParty', sent.get('x-road-represented-party'));
  checkIdentifier('X-Road-Security-Server', 'securityServer', sent.get('x-road-security-server'));
  const trace = readTraceContext(sent.get('traceparent'), sent.get('tracestate'));
  // a literal, and what is optional behind it: the engine keeps up with few shapes of an object, spread ones are many
  const exchange: { -readonly [P in keyof ExchangeRequest]: ExchangeRequest[P] } = {
    client,
    clientParts: readClient(client),
    transactionId: readTransactionId(sent),
    method: known.method,
    adapter: known.adapter,
    path: known.path,
    query: known.query,
    body: known.body,
    caller: known.caller,
  };
  checkNonce(sent);
  checkSignature(sent);
  checkIdempotencyKey(sent);
  for (const [part, name] of OPTIONAL) {
    const value = sent.get(name);
    if (value !== undefined && value !== '') exchange[part] = value;
  }
  if (trace !== undefined) exchange.trace = trace;
  return exchange;
}

/** A header at a time costs a call into the runtime each, most of them for headers that are not there. */
type SentHeaders = ReadonlyMap<string, string>;

function readOnce(headers: Headers): SentHeaders {
  const sent = new Map<string, string>();
  headers.forEach((value, name) => {
    if (name.startsWith('x-road-')) checkValue(name, value);
    sent.set(name, value);
  });
  return sent;
}

/**
 * A comma means that a header came twice (the runtime joins repeated headers with one): which of the two the security
 * server verified cannot be told. Characters beyond visible ASCII would read differently in different runtimes.
 */
function checkValue(name: string, value: string): void {
  if (value.length > HEADER_CHARACTERS) throw malformed(name, `has more than ${HEADER_CHARACTERS} characters`);
  if (value.includes(',')) throw malformed(name, 'holds a comma, or was sent twice: encode a comma as %2C');
  if (!/^[\x20-\x7e]*$/.test(value)) throw malformed(name, 'holds a character beyond visible ASCII: percent-encode it');
}

/** Whether a text may be repeated as the id of a call: visible ASCII without spaces, of limited length. */
export function isTransactionId(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text) && text.length <= TRANSACTION_ID_CHARACTERS;
}

function readTransactionId(sent: SentHeaders): string {
  const id = sent.get('x-road-request-id');
  if (id === undefined || id === '')
    throw malformed('X-Road-Request-Id', 'is missing: a security server always sends it');
  if (!isTransactionId(id)) {
    throw malformed('X-Road-Request-Id', `is not 1 to ${TRANSACTION_ID_CHARACTERS} characters without spaces`);
  }
  return id;
}

/** Longest signed statement of a consumer, characters: as much as an X-Road header may have. */
function checkSignature(sent: SentHeaders): void {
  const signature = sent.get(SIGNATURE);
  if (signature === undefined || signature.length <= HEADER_CHARACTERS) return;
  throw malformed(SIGNATURE_HEADER, `has more than ${HEADER_CHARACTERS} characters`);
}

function checkIdempotencyKey(sent: SentHeaders): void {
  const key = sent.get(IDEMPOTENCY);
  if (key === undefined || (/^[\x20-\x7e]+$/.test(key) && key.length <= IDEMPOTENCY_KEY_CHARACTERS)) return;
  throw malformed(IDEMPOTENCY_HEADER, `is not 1 to ${IDEMPOTENCY_KEY_CHARACTERS} visible ASCII characters`);
}

function checkNonce(sent: SentHeaders): void {
  const nonce = sent.get(NONCE);
  if (nonce === undefined || (/^[\x21-\x7e]+$/.test(nonce) && nonce.length <= NONCE_CHARACTERS)) return;
  throw malformed(NONCE_HEADER, `is not 1 to ${NONCE_CHARACTERS} visible ASCII characters, or was sent twice`);
}

function checkIdentifier(name: string, kind: IdentifierKind, value: string | undefined): void {
  if (value !== undefined && value !== '') readIdentifier(name, kind, value);
}

/** Clients call again and again: what the identifiers of so many of them are made of. */
const clients = new Map<string, readonly string[]>();
const KNOWN_CLIENTS = 1_000;

function readClient(client: string): readonly string[] {
  const known = clients.get(client);
  if (known !== undefined) return known;
  const parts = readIdentifier('X-Road-Client', 'client', client);
  if (clients.size >= KNOWN_CLIENTS) clients.clear();
  clients.set(client, parts);
  return parts;
}

function readIdentifier(name: string, kind: IdentifierKind, value: string): readonly string[] {
  try {
    return parseIdentifier(kind, value);
  } catch (error) {
    throw malformed(name, `is no identifier: ${error instanceof Error ? error.message : ''}`);
  }
}

function malformed(name: string, message: string): SpeanError {
  return new SpeanError('header-malformed', { detail: `The header ${properName(name)} ${message}` });
}

/** The Headers class gives names in lower case; messages name them as X-Road's documents do. */
function properName(name: string): string {
  return name.replace(/(?<![a-z])[a-z]/gi, (letter) => letter.toUpperCase());
}
