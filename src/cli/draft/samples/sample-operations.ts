import type { SoapVersion } from '../../../formats/soap/soap-version.ts';
import { clark, type QName } from '../wsdl/source-element.ts';
import type { SampleExchange, SampleSide } from './sample-exchange.ts';

/** The samples of one operation. */
export interface SampleOperation {
  /** The legacy system's name for it: the request's element, or the answer's without its `Response`. */
  readonly name: string;
  /** SOAP's version; undefined for plain XML. */
  readonly version: SoapVersion | undefined;
  readonly requests: readonly SampleSide[];
  readonly answers: readonly [SampleSide, ...SampleSide[]];
  /** Answers with another element than the first one's, which an adapter would refuse. */
  readonly otherAnswers: readonly SampleSide[];
  readonly faults: readonly SampleSide[];
  readonly exchanges: readonly SampleExchange[];
}

/** Samples that belong to no operation, as nothing but a fault is known of it. */
export interface SampleOperations {
  readonly operations: readonly SampleOperation[];
  readonly faultsOnly: readonly SampleExchange[];
}

/**
 * Groups samples by operation: those with the same request element, and answers without a request by their element. A
 * fault without a request may be any operation's, and goes to all of them.
 */
export function groupSamples(exchanges: readonly SampleExchange[]): SampleOperations {
  const asked = exchanges.filter(({ request }) => request !== undefined);
  const byAnswer = new Map(
    asked.filter(({ isFault }) => !isFault).map((exchange) => [keyOf(exchange.response), keyOf(exchange.request)]),
  );
  const stray = exchanges.filter(({ request, isFault }) => request === undefined && isFault);
  const groups = Map.groupBy(
    exchanges.filter((exchange) => !stray.includes(exchange)),
    ({ request, response }) =>
      request === undefined ? (byAnswer.get(keyOf(response)) ?? keyOf(response)) : keyOf(request),
  );
  const operations = [...groups.values()].flatMap((group) => operationOf(group, stray) ?? []);
  const grouped = new Set(operations.flatMap((operation) => operation.exchanges));
  return { operations, faultsOnly: exchanges.filter((exchange) => !grouped.has(exchange)) };
}

function keyOf(side: SampleSide | undefined): string {
  return side === undefined ? '' : `${side.soap?.version.name ?? 'xml'} ${clark(side.content)}`;
}

function operationOf(group: readonly SampleExchange[], stray: readonly SampleExchange[]): SampleOperation | undefined {
  const [first, ...others] = group.filter(({ isFault }) => !isFault);
  if (first === undefined) return undefined;
  const { request, response } = first;
  const isSame = (exchange: SampleExchange) => clark(exchange.response.content) === clark(response.content);
  const mine = stray.filter((exchange) => (exchange.response.soap === undefined) === (response.soap === undefined));
  const exchanges = [...group, ...mine];
  const asked = group.find((exchange) => exchange.request !== undefined)?.request;
  return {
    name: asked === undefined ? nameOfAnswer(response.content) : nameOfRequest(asked.content),
    version: (request ?? response).soap?.version,
    requests: group.flatMap((exchange) => exchange.request ?? []),
    answers: [response, ...others.filter(isSame).map((exchange) => exchange.response)],
    otherAnswers: others.filter((exchange) => !isSame(exchange)).map((exchange) => exchange.response),
    faults: exchanges.filter(({ isFault }) => isFault).map((exchange) => exchange.response),
    exchanges,
  };
}

function nameOfRequest({ local }: QName): string {
  return local.replace(/(?<=.)_?(?:Request|Input|Req)$/i, '');
}

function nameOfAnswer({ local }: QName): string {
  return local.replace(/(?<=.)_?(?:Response|Reply|Answer|Output|Result|Resp|Res)$/i, '');
}
