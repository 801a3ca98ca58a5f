import { SpeanError } from '../model/errors.ts';

/** How an adapter's answers carry their statement: its `envelope` setting. */
export type EnvelopeMode = 'off' | 'header' | 'body' | 'negotiate';

/** The body is the envelope, with the answer's data inside. */
export interface BodyCarriage {
  readonly form: 'flattened' | 'compact';
  readonly mediaType: string;
}

/** How one answer carries it: in the body, in a header beside the body, or not at all. */
export type Carriage = BodyCarriage | { readonly form: 'header' } | { readonly form: 'plain' };

interface Offer {
  readonly mediaType: string;
  readonly carriage: Carriage;
}

const FLATTENED = offerEnvelope('flattened', 'application/jose+json');
const COMPACT = offerEnvelope('compact', 'application/jose');
const EVIDENCE = offerEnvelope('compact', 'application/xroad-evidence+jwt');
const HEADER: Offer = { mediaType: 'application/json', carriage: { form: 'header' } };
const PLAIN: Offer = { mediaType: 'application/json', carriage: { form: 'plain' } };

/** What each mode offers, best first: where all are equally welcome, consumers that know no envelopes are served. */
const OFFERS: Readonly<Record<EnvelopeMode, readonly Offer[]>> = {
  off: [PLAIN],
  header: [HEADER],
  body: [FLATTENED, COMPACT, EVIDENCE],
  negotiate: [HEADER, FLATTENED, COMPACT, EVIDENCE],
};

function offerEnvelope(form: BodyCarriage['form'], mediaType: string): Offer {
  return { mediaType, carriage: { form, mediaType } };
}

/**
 * The carriage that `Accept` asks for (RFC 9110, 12.5.1), among those that the mode offers. A missing or empty header
 * takes the mode's first offer. Among offers of the same quality an envelope that is named outright wins, since only a
 * consumer that knows envelopes names one. Parameters of media ranges other than `q` are not compared.
 *
 * Throws SpeanError `not-acceptable` naming the offers.
 */
export function chooseCarriage(accept: string | undefined, mode: EnvelopeMode = 'negotiate'): Carriage {
  const offers = OFFERS[mode];
  const named = offers.find(({ mediaType }) => mediaType === accept);
  if (named !== undefined) return named.carriage; // what most consumers send needs no weighing
  const ranges = readAccept(accept || '*/*');
  const [best] = offers
    .map((offer) => ({ offer, ...rate(offer, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || Number(b.named) - Number(a.named));
  if (best !== undefined) return best.offer.carriage;
  throw new SpeanError('not-acceptable', {
    detail: `None of the media types in Accept is offered: ${offers.map(({ mediaType }) => mediaType).join(', ')}`,
  });
}

/** How a refusal is carried where no carriage could be chosen: beside a body that every consumer can read. */
export function carriageOfRefusal(mode: EnvelopeMode = 'negotiate'): Carriage {
  return mode === 'off' ? PLAIN.carriage : HEADER.carriage;
}

interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

/** The most specific range that matches decides an offer's quality, whatever the order (RFC 9110, 12.5.1). */
function rate({ mediaType, carriage }: Offer, ranges: readonly MediaRange[]): { quality: number; named: boolean } {
  const [type, subtype] = mediaType.split('/');
  const exact = ranges.find((range) => range.type === type && range.subtype === subtype);
  const match =
    exact ??
    ranges.find((range) => range.type === type && range.subtype === '*') ??
    ranges.find((range) => range.type === '*');
  return { quality: match?.quality ?? 0, named: exact !== undefined && 'mediaType' in carriage };
}

/** Members that are no media range are passed over, as a recipient may. */
function readAccept(accept: string): MediaRange[] {
  const members = accept.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return members.flatMap((member) => readRange(member) ?? []);
}

/** The JDK's HttpURLConnection sends `*; q=.2` where the grammar has a whole range and a leading zero: both are taken. */
function readRange(member: string): MediaRange | undefined {
  const [range = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
  const [, type = '', subtype = ''] = /^([^\s/]+)\/([^\s/]+)$/.exec(range === '*' ? '*/*' : range) ?? [];
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '') ?? '1';
  if (type === '' || (type === '*' && subtype !== '*')) return undefined;
  return /^(0?\.\d{1,3}|[01]\.?|1\.0{1,3})$/.test(weight) ? { type, subtype, quality: Number(weight) } : undefined;
}
