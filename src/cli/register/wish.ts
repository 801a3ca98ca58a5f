import type { AdapterDefinition } from '../../model/definition.ts';
import { IDENTIFIER_PART_CHARACTERS, parseIdentifier } from '../../model/identifiers.ts';
import { DEFAULT_LIMITS } from '../../model/limits.ts';
import { CommandError } from '../shell.ts';
import { type AccessWish, readAccessWish } from './access-wish.ts';
import { DESCRIPTION_PATH, endpointsOf } from './endpoints.ts';
import type { TlsCertificate } from './tls-certificate.ts';

/** What the security server shall have. */
export interface Wish {
  /** `INSTANCE/CLASS/MEMBER/SUBSYSTEM`, as it was written, and with colons as the API has it. */
  readonly client: string;
  readonly clientId: string;
  readonly serviceCode: string;
  readonly serviceId: string;
  readonly serviceUrl: string;
  readonly descriptionUrl: string;
  /** `GET /companies/*`. */
  readonly endpoints: readonly string[];
  /** Whether answers are signed, so that whoever calls wants the key set. */
  readonly isSigned: boolean;
  /** Seconds; undefined: whatever is longer than the time budget, else the default. */
  readonly timeout?: number;
  /** Seconds that the adapter may take, rounded up. */
  readonly timeBudget: number;
  /** Undefined: as it is, and on for a new service. */
  readonly verifyTls?: boolean;
  /** What the adapter shows, to be known to the security server. */
  readonly tlsCertificate?: TlsCertificate;
  readonly access: readonly AccessWish[];
}

export interface WishFlags {
  readonly client: string;
  readonly url: string;
  readonly access?: readonly string[];
  readonly timeout?: string;
  readonly verifyTls?: boolean;
}

/** What the management API takes (contract 7). */
const MAX_URL_CHARACTERS = 255;
const MAX_TIMEOUT_SECONDS = 1000;
/** A security server's own default (contract 1.6), kept where the time budget is shorter. */
const DEFAULT_TIMEOUT_SECONDS = 60;
/** What the network between security server and adapter may take on top of the time budget. */
const TIMEOUT_MARGIN_SECONDS = 5;

/** Reads what the command line asks for; a certificate asks for verification too. Throws CommandError for what no security server would take. */
export function readWish(adapter: AdapterDefinition, flags: WishFlags, tlsCertificate?: TlsCertificate): Wish {
  const parts = clientParts(flags.client);
  const serviceCode = adapter.serviceCode ?? adapter.name;
  const serviceUrl = readServiceUrl(flags.url);
  const timeBudget = timeBudgetSeconds(adapter);
  if (flags.verifyTls === false && tlsCertificate !== undefined) {
    throw new CommandError('--tls-certificate and --no-verify-tls contradict each other: leave one out');
  }
  const verifyTls = flags.verifyTls ?? (tlsCertificate && true);
  if (verifyTls === true && !serviceUrl.startsWith('https:')) {
    throw new CommandError('--verify-tls needs an https:// address in --url: over http:// there is no certificate');
  }
  return {
    client: flags.client,
    clientId: parts.join(':'),
    serviceCode,
    serviceId: [...parts, serviceCode].join(':'),
    serviceUrl,
    descriptionUrl: serviceUrl + DESCRIPTION_PATH,
    endpoints: endpointsOf(adapter, serviceUrl),
    isSigned: adapter.envelope !== 'off',
    ...(flags.timeout !== undefined && { timeout: readTimeout(flags.timeout, timeBudget) }),
    timeBudget,
    ...(verifyTls !== undefined && { verifyTls }),
    ...(tlsCertificate && { tlsCertificate }),
    access: (flags.access ?? []).map((text) => readAccessWish(text, adapter)),
  };
}

/** The timeout for a service that has none or one too short: longer than the time budget, so that the consumer gets the adapter's own problem (contract 1.6). */
export function defaultTimeout({ timeBudget }: Pick<Wish, 'timeBudget'>): number {
  return Math.min(Math.max(DEFAULT_TIMEOUT_SECONDS, timeBudget + TIMEOUT_MARGIN_SECONDS), MAX_TIMEOUT_SECONDS);
}

/** Whether a service's timeout leaves the adapter its time; 0 is none at all. */
export function isLongEnough(timeout: number, { timeBudget }: Pick<Wish, 'timeBudget'>): boolean {
  return timeout === 0 || timeout > timeBudget;
}

function clientParts(client: string): readonly string[] {
  try {
    const parts = parseIdentifier('client', client);
    if (parts.length === 4) return parts;
  } catch {}
  throw new CommandError(
    `--client ${client} is no subsystem: write INSTANCE/CLASS/MEMBER/SUBSYSTEM, each part of at most ${IDENTIFIER_PART_CHARACTERS} characters`,
  );
}

function readServiceUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(`--url ${text} is no address: write the adapter's service URL, https://host/adapter`);
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new CommandError('--url takes host and path only: a security server appends paths to it');
  }
  const serviceUrl = text.replace(/\/+$/, '');
  if (serviceUrl.length + DESCRIPTION_PATH.length > MAX_URL_CHARACTERS) {
    throw new CommandError(
      `--url is too long: with ${DESCRIPTION_PATH} a security server takes ${MAX_URL_CHARACTERS} characters`,
    );
  }
  return serviceUrl;
}

function timeBudgetSeconds({ limits, operations }: AdapterDefinition): number {
  const budgets = Object.values(operations).map(
    (operation) => ({ ...DEFAULT_LIMITS, ...limits, ...operation.limits }).timeBudgetMs,
  );
  return Math.ceil(Math.max(...budgets) / 1000);
}

function readTimeout(text: string, timeBudget: number): number {
  const timeout = Number(text);
  if (!/^\d+$/.test(text) || timeout > MAX_TIMEOUT_SECONDS) {
    throw new CommandError(`--timeout takes whole seconds from 0, which is no limit, to ${MAX_TIMEOUT_SECONDS}`);
  }
  if (isLongEnough(timeout, { timeBudget })) return timeout;
  throw new CommandError(
    `--timeout ${timeout} is not longer than the ${timeBudget} s that the adapter may take: the consumer would get the security server's error in place of the adapter's problem; give more, or set a shorter timeBudgetMs in the adapter`,
  );
}
