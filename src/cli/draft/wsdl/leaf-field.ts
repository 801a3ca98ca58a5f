import type { CodeField, LeafField, TextField } from '../../../model/field.ts';
import { integerField, isIntegerType } from './integer-field.ts';
import type { Notes } from './notes.ts';
import type { Facets, SimpleType } from './simple-type.ts';
import { translatePatterns } from './translate-pattern.ts';

/** What a leaf is drafted for. */
export interface LeafUse {
  readonly at: string;
  readonly direction: 'input' | 'output';
  /** Where in the definition the field stands. */
  readonly place: string;
  readonly notes: Notes;
}

/** XML Schema's types whose texts have their white space collapsed before anything else (part 2, 4.3.6). */
const COLLAPSED: ReadonlySet<string> = new Set([
  'token',
  'language',
  'Name',
  'NCName',
  'NMTOKEN',
  'ID',
  'IDREF',
  'anyURI',
]);
const FLOATS: ReadonlySet<string> = new Set(['float', 'double']);
const BINARY: Readonly<Record<string, 'base64' | 'hex'>> = { base64Binary: 'base64', hexBinary: 'hex' };

/** The field for texts of a simple type. What the field language has no like of is noted, never dropped in silence. */
export function leafField(declared: SimpleType, use: LeafUse): LeafField {
  const simple = withoutAnchors(declared, use);
  const { builtIn, facets, variety, place } = simple;
  if (variety !== 'atomic') {
    use.notes.cannot(place, `xsd:${variety}`, 'Drafted as text: the value is passed on as it stands');
    return textField(variety === 'list' ? withoutLengths(simple, use) : simple, use);
  }
  if (facets.enumeration !== undefined && builtIn !== 'boolean')
    return enumerationField(facets.enumeration, simple, use);
  if (isIntegerType(builtIn)) return numberOrIdentifier(simple, use);
  if (builtIn === 'decimal') return decimalField(simple, use);
  if (builtIn === 'boolean') {
    noteUnchecked(['patterns'], simple, use);
    return { type: 'boolean', at: use.at };
  }
  if (builtIn === 'date' || builtIn === 'time') return clockField(builtIn, simple, use);
  if (builtIn === 'dateTime') {
    noteUnchecked(['patterns', ...BOUNDS], simple, use);
    return { type: 'dateTime', at: use.at };
  }
  const encoding = BINARY[builtIn];
  if (encoding !== undefined) {
    noteUnchecked(['patterns', 'minLength', 'length'], simple, use);
    return { type: 'binary', at: use.at, ...(encoding === 'hex' ? { encoding } : {}), ...maxBytes(facets) };
  }
  if (FLOATS.has(builtIn)) {
    noteUnchecked(BOUNDS, simple, use);
    askAboutFloat(builtIn, use);
  }
  if (builtIn === 'QName' || builtIn === 'NOTATION') {
    use.notes.cannot(place, `xsd:${builtIn}`, 'Drafted as text: its prefix means nothing outside the document');
  }
  return textField(simple, use);
}

/** A pattern always matches whole texts, so that XML Schema has no anchors: `^` and `$` are characters to it. */
function withoutAnchors(simple: SimpleType, { place, notes }: LeafUse): SimpleType {
  const { patterns } = simple.facets;
  if (patterns === undefined) return simple;
  const plain = patterns.map((step) => step.map((pattern) => pattern.replace(/^\^|(?<!\\)\$$/g, '')));
  const changed = patterns.flat().filter((pattern, index) => pattern !== plain.flat()[index]);
  if (changed.length === 0) return simple;
  notes.ask(
    place,
    `The pattern ${changed.join(' ')} has ^ or $ at its ends, which XML Schema takes for characters of the value: are they meant as anchors?`,
    'Yes: they are left off',
    `xsd:pattern at ${simple.place}`,
  );
  return { ...simple, facets: { ...simple.facets, patterns: plain } };
}

/** The lengths of a list count its items. */
function withoutLengths(simple: SimpleType, use: LeafUse): SimpleType {
  noteUnchecked(['length', 'minLength', 'maxLength'], simple, use);
  const { length: _, minLength: __, maxLength: ___, ...facets } = simple.facets;
  return { ...simple, facets };
}

const BOUNDS = ['minInclusive', 'minExclusive', 'maxInclusive', 'maxExclusive'] as const;

function clockField(type: 'date' | 'time', simple: SimpleType, use: LeafUse): LeafField {
  const { at, direction, notes } = use;
  const [min, max] = [dayOf(type, simple.facets.minInclusive), dayOf(type, simple.facets.maxInclusive)];
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  noteUnchecked(['patterns', 'minExclusive', 'maxExclusive'], simple, use);
  if (min === undefined) noteUnchecked(['minInclusive'], simple, use);
  if (max === undefined) noteUnchecked(['maxInclusive'], simple, use);
  if (direction === 'input') return { type, at, ...bounds };
  notes.ask(
    'operations',
    `XML Schema allows a time zone behind values of xsd:${type} (…+07:00): does it mean anything where the system sends one?`,
    `No: the rule dropZone takes it off`,
  );
  if (type === 'time') {
    notes.ask(
      'operations',
      'XML Schema allows fractions of a second in values of xsd:time, as .NET writes them (08:30:00.0000000): does the system?',
      'No: such values are refused; make them text if it does',
    );
  }
  return { type, at, rules: ['dropZone'], ...bounds };
}

/** A bound of a date field is a day of no time zone; a time field has none. */
function dayOf(type: 'date' | 'time', bound: string | undefined): string | undefined {
  return type === 'date' && bound !== undefined && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(bound) ? bound : undefined;
}

function askAboutFloat(builtIn: string, { place, notes }: LeafUse): void {
  notes.ask(
    place,
    `xsd:${builtIn} is a binary floating-point number, whose texts may have exponents or be NaN: is the value an amount or a measure with plain decimals?`,
    'Text, as it stands; make it decimal if the system writes plain decimals',
  );
}

/** A number whose pattern demands a certain count of digits is an identifier: its leading zeros mean something. */
function numberOrIdentifier(simple: SimpleType, use: LeafUse): LeafField {
  const pattern = simple.facets.patterns?.flat().join(' ');
  if (pattern === undefined) return integerField(simple, use.at, use.direction);
  const digits = digitCount(pattern);
  if (digits !== undefined) {
    noteUnchecked(BOUNDS, simple, use);
    return { type: 'text', at: use.at, digits };
  }
  notePattern(pattern, simple, use);
  return integerField(simple, use.at, use.direction);
}

function decimalField(simple: SimpleType, use: LeafUse): LeafField {
  const { facets } = simple;
  const { totalDigits, fractionDigits } = facets;
  if (facets.patterns !== undefined) notePattern(facets.patterns.flat().join(' '), simple, use);
  const [min, max] = [plainDecimal(facets.minInclusive), plainDecimal(facets.maxInclusive)];
  noteUnchecked(['minExclusive', 'maxExclusive'], simple, use);
  return {
    type: 'decimal',
    at: use.at,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(totalDigits === undefined ? {} : { totalDigits }),
    ...(fractionDigits === undefined ? {} : { fractionDigits }),
  };
}

/** A bound in the plain form that definitions hold: no plus sign, no zeros that say nothing. */
function plainDecimal(text: string | undefined): string | undefined {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)0*([0-9]+)(?:\.([0-9]+))?$/.exec(text ?? '') ?? [];
  if (whole === '') return undefined;
  const significant = fraction.replace(/0+$/, '');
  const digits = significant === '' ? whole : `${whole}.${significant}`;
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

/** More values than a person gives meanings to: country and currency codes say themselves what they are. */
const MAX_CODES = 30;
/** Values so short, or so few letters, that only their owner knows their meaning. */
const OPAQUE = /^(?:.{0,2}|[0-9].*|[A-Z]{1,3}[0-9]*)$/;

function enumerationField(values: readonly string[], simple: SimpleType, use: LeafUse): TextField | CodeField {
  const rules = whiteSpaceRules(simple, use);
  const oneOf = [...new Set(values)];
  if (oneOf.length > MAX_CODES || !oneOf.every((value) => OPAQUE.test(value)))
    return { type: 'text', at: use.at, ...rules, oneOf };
  use.notes.ask(
    use.place,
    `What do the codes ${oneOf.join(', ')} mean?`,
    'Each code stands for itself: write the public values into the table',
    `enumeration at ${simple.place}`,
  );
  return { type: 'code', at: use.at, ...rules, table: Object.fromEntries(oneOf.map((value) => [value, value])) };
}

function textField(simple: SimpleType, use: LeafUse): TextField {
  const { length, patterns, enumeration } = simple.facets;
  const { minLength = length, maxLength = length } = simple.facets;
  const digits = patterns?.length === 1 ? digitCount(patterns.flat().join(' ')) : undefined;
  const pattern = digits === undefined && patterns !== undefined ? translatePatterns(patterns) : undefined;
  if (patterns !== undefined && digits === undefined && pattern === undefined) {
    notePattern(patterns.flat().join(' '), simple, use);
  }
  return {
    type: 'text',
    at: use.at,
    ...whiteSpaceRules(simple, use),
    ...(digits === undefined ? {} : { digits }),
    ...(digits !== undefined || minLength === undefined || minLength === 0 ? {} : { minLength }),
    ...(digits !== undefined || maxLength === undefined ? {} : { maxLength }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(enumeration === undefined ? {} : { oneOf: [...new Set(enumeration)] }),
  };
}

/** Answers only: what is written is public text already. */
function whiteSpaceRules({ builtIn, facets }: SimpleType, { direction }: LeafUse): Pick<TextField, 'rules'> {
  const preserved = ['string', 'normalizedString', 'anySimpleType'].includes(builtIn);
  const collapses =
    facets.whiteSpace === 'collapse' || COLLAPSED.has(builtIn) || (facets.enumeration !== undefined && !preserved);
  return direction === 'output' && collapses ? { rules: ['collapse'] } : {};
}

function maxBytes({ length, maxLength = length }: Facets): { maxBytes?: number } {
  return maxLength === undefined ? {} : { maxBytes: maxLength };
}

/** `\d{8}` and `[0-9]{8}` demand eight digits. */
function digitCount(pattern: string): number | undefined {
  const count = /^(?:\\d|\[0-9\])\{([0-9]{1,3})\}$/.exec(pattern)?.[1];
  return count === undefined || Number(count) === 0 ? undefined : Number(count);
}

function notePattern(pattern: string, { place, builtIn }: SimpleType, { notes }: LeafUse): void {
  notes.cannot(
    place,
    `xsd:pattern ${JSON.stringify(pattern)}`,
    `A field for xsd:${builtIn} cannot check it: values that break it reach the legacy system or the consumer`,
  );
}

/** Facets that the field's type has no like of. */
function noteUnchecked(names: readonly (keyof Facets)[], simple: SimpleType, use: LeafUse): void {
  const { facets, builtIn, place } = simple;
  for (const name of names) {
    if (name === 'patterns' && facets.patterns !== undefined)
      notePattern(facets.patterns.flat().join(' '), simple, use);
    else if (facets[name] !== undefined) {
      use.notes.cannot(
        place,
        `xsd:${name}="${facets[name]}"`,
        `A field for xsd:${builtIn} cannot check it: values that break it reach the legacy system or the consumer`,
      );
    }
  }
}
