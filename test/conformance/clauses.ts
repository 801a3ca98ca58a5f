/** A statement about X-Road that a provider has to meet, in our words. Sources: X-Road's protocols and code, releases 7.2.2 to 7.8.0. */
export interface Clause {
  readonly id: string;
  readonly statement: string;
  /** What the adapter makes of it. */
  readonly answer: string;
}

export const CLAUSES: readonly Clause[] = [
  // URL and methods
  {
    id: 'url-join',
    statement:
      'The service URL and what follows the service code are joined as they stand; one double slash is dropped',
    answer: 'Path and query are read raw, with or without a slash at the end of the service URL',
  },
  {
    id: 'url-escapes',
    statement: 'Percent-escapes of path and query arrive as the consumer wrote them',
    answer: 'Each segment and value is decoded once, as UTF-8',
  },
  {
    id: 'url-slash',
    statement: 'An encoded slash (%2F) in a segment arrives encoded',
    answer: 'It is part of the value, and never a separator',
  },
  {
    id: 'url-dots',
    statement: 'Dot segments, encoded or not, are not collapsed',
    answer: 'A path with them is another path: 404, and nothing is called',
  },
  {
    id: 'url-free-text',
    statement: 'From 7.6 on a space, brace, quote or bar in a decoded path fails before the provider is called',
    answer: 'The lint of `spean check` warns of free text in paths; queries take it',
  },
  {
    id: 'query-order',
    statement: 'The query is forwarded raw, its order kept',
    answer: 'The statement names it as it was sent',
  },
  { id: 'query-repeated', statement: 'A parameter may come twice', answer: 'Refused (400) unless the input is a list' },
  { id: 'query-unknown', statement: 'A parameter may be one that no operation has', answer: 'Refused (400), named' },
  {
    id: 'methods',
    statement: 'GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE and TRACE are passed on',
    answer: 'A method that the path does not offer: 405 with Allow',
  },
  { id: 'head', statement: 'HEAD is passed on', answer: 'As GET, without a body' },
  { id: 'options', statement: 'OPTIONS is passed on', answer: '204 with Allow; nothing is called' },
  {
    id: 'body-methods',
    statement: 'Bodies of GET, DELETE and OPTIONS are dropped on the way, though a Content-Type may stay',
    answer: 'Not looked at; inputs of these methods travel in the query',
  },
  {
    id: 'body-empty',
    statement: 'A POST without a body has Content-Length: 0',
    answer: 'Refused (400) where the operation needs inputs',
  },
  // Request headers
  {
    id: 'client',
    statement: 'X-Road-Client names the consumer: three or four parts, percent-encoded each',
    answer: 'Read by that grammar, decoded for comparison, kept byte for byte in the statement',
  },
  {
    id: 'client-khmer',
    statement: 'Parts may hold any characters, percent-encoded',
    answer: 'Khmer letters, slashes and spaces are told apart from separators',
  },
  {
    id: 'client-missing',
    statement: 'Whoever reaches the adapter without a security server sends no X-Road-Client',
    answer: '400, unsigned: there is nobody to state anything to',
  },
  {
    id: 'header-twice',
    statement: 'A consumer may send an X-Road header twice; all are forwarded',
    answer: 'Refused (400): which of two was verified cannot be told',
  },
  {
    id: 'request-id',
    statement: 'x-road-request-id is a fresh UUID of each exchange',
    answer: 'Demanded; the statement and every problem name it',
  },
  {
    id: 'message-id',
    statement: 'x-road-id is the consumer’s or made up, and need not be a UUID',
    answer: 'Taken as any text, stated',
  },
  {
    id: 'represented-party',
    statement: 'X-Road-Represented-Party has the form [CLASS/]CODE',
    answer: 'Read by that grammar, logged, stated, open to allow-lists and inputs',
  },
  {
    id: 'no-service-header',
    statement: 'X-Road-Service is not sent in requests',
    answer: 'The service is known by its URL',
  },
  { id: 'accept-missing', statement: 'A missing Accept is passed on as missing', answer: 'Counts as application/json' },
  {
    id: 'cookies',
    statement: 'Cookies of one consumer may arrive with another one’s call',
    answer: 'Cookies are not looked at, and none is ever set',
  },
  {
    id: 'headers-unknown',
    statement: 'Every other header of a consumer arrives, Authorization and X-Forwarded-For among them',
    answer: 'None has an effect, and none travels on to the legacy system',
  },
  // Responses
  {
    id: 'no-x-road-headers',
    statement: 'X-Road-Service and X-Road-Error of a provider would reach the consumer',
    answer: 'No X-Road-… header is ever answered',
  },
  {
    id: 'no-coding',
    statement: 'gzip of a provider is undone before the answer is signed',
    answer: 'Never compressed, and marked no-transform',
  },
  {
    id: 'status',
    statement: 'Any status is passed through, and is a normal signed exchange',
    answer: 'Problems keep their status, media type and statement',
  },
  {
    id: 'not-stored',
    statement: 'Cache-Control of a provider reaches the consumer',
    answer: 'no-store: an answer belongs to one transaction',
  },
  {
    id: 'size',
    statement: 'A body over the message log’s limit (10 MiB) fails the exchange after the provider has acted',
    answer: 'Answers are refused at 9 MiB by default, before that',
  },
  {
    id: 'digest',
    statement: 'What is signed is the body’s bytes',
    answer: 'Repr-Digest is over these bytes, and is what arrives',
  },
  // Descriptions
  {
    id: 'description-open',
    statement: 'The security server GETs the description without X-Road headers',
    answer: 'Answered to whoever the security server’s marks let in',
  },
  { id: 'description-version', statement: 'openapi is 3.0.x for all releases (3.1.0 from 7.4 on)', answer: '3.0.3' },
  {
    id: 'description-self-contained',
    statement: 'References to other documents cannot be resolved',
    answer: 'All references are inside the document',
  },
  {
    id: 'description-server',
    statement: 'The first server’s URL becomes the service URL',
    answer: 'One server, an absolute URL without the path secret',
  },
  {
    id: 'description-metaservice',
    statement: 'getOpenAPI GETs the description at call time and needs exactly 200 and application/json',
    answer: 'So it is',
  },
  {
    id: 'description-keys',
    statement: 'Endpoint-level rights name paths of the description',
    answer: 'The key set’s path is among them',
  },
  // Errors
  {
    id: 'provider-errors',
    statement: 'Whatever the provider answers is passed through without X-Road-Error',
    answer: 'The consumer can tell the adapter’s problems from a security server’s',
  },
  {
    id: 'error-form',
    statement: 'Codes of a security server are written otherwise from 7.8 on',
    answer: 'The adapter never makes such a code',
  },
];
