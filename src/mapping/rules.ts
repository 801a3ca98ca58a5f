import type { Report } from '../model/contracts.ts';
import type { NamedRule, PaddingRule, Rule } from '../model/field.ts';
import { refuse } from './types/value-type.ts';

/** Both ways of a rule. Where reading loses something (white space, invisible characters), writing adds nothing. */
interface RuleWays {
  readonly decode: (text: string) => string;
  readonly encode: (text: string) => string;
}

const KHMER_ZERO = 0x17e0;

/** Without XML's white space around it: legacy documents rarely mean any other. */
export function trimXmlSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isXmlSpace(text.charCodeAt(start))) start++;
  while (end > start && isXmlSpace(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}

function isXmlSpace(code: number): boolean {
  return code === 0x20 || code === 0xa || code === 0xd || code === 0x9;
}

const unchanged = (text: string): string => text;
const same = (change: (text: string) => string): RuleWays => ({ decode: change, encode: change });

/** Every named rule. */
export const NAMED_RULES: Readonly<Record<NamedRule, RuleWays>> = {
  trim: { decode: trimXmlSpace, encode: unchanged },
  collapse: { decode: (text) => trimXmlSpace(text).replace(/[ \t\r\n]+/g, ' '), encode: unchanged },
  nfc: same((text) => text.normalize('NFC')),
  nfkc: same((text) => text.normalize('NFKC')),
  khmerDigits: {
    decode: (text) => text.replace(/[\u17e0-\u17e9]/g, (digit) => String(digit.charCodeAt(0) - KHMER_ZERO)),
    encode: (text) => text.replace(/[0-9]/g, (digit) => String.fromCharCode(KHMER_ZERO + Number(digit))),
  },
  dropZone: { decode: (text) => trimXmlSpace(text).replace(/(?:Z|[+-][0-9]{2}:[0-9]{2})$/, ''), encode: unchanged },
  removeZeroWidth: { decode: (text) => text.replace(/\u200b|\u200c|\u200d|\u2060|\ufeff/g, ''), encode: unchanged },
};

/** Compiles a field's rules to one function each way; reports rules that cannot be. */
export function compileRules(rules: readonly Rule[] = [], report: Report): RuleWays {
  const ways = rules.map((rule) => compileRule(rule, (message) => report('rules', message)));
  const [only] = ways;
  if (only === undefined) return { decode: unchanged, encode: unchanged };
  if (ways.length === 1) return only;
  return {
    decode: (text) => ways.reduce((result, way) => way.decode(result), text),
    encode: (text) => ways.reduceRight((result, way) => way.encode(result), text),
  };
}

function compileRule(rule: Rule, report: (message: string) => void): RuleWays {
  if (typeof rule === 'string') {
    if (Object.hasOwn(NAMED_RULES, rule)) return NAMED_RULES[rule];
    report(`There is no rule ${JSON.stringify(rule)}: ${Object.keys(NAMED_RULES).join(', ')}`);
    return same(unchanged);
  }
  if ('pad' in rule) return compilePadding(rule, report);
  if (rule.name === '' || rule.version === '') report('A rule of your own needs a name and a version');
  const asRuled = `text that the rule ${rule.name} takes`;
  return {
    decode: (text) => attempt(() => rule.decode(text), asRuled),
    encode: (text) => attempt(() => rule.encode(text), asRuled),
  };
}

/** An integrator's function refuses by throwing or by returning nothing; its message may hold the value, so it is not told. */
function attempt(change: () => string | undefined, expected: string): string {
  let result: string | undefined;
  try {
    result = change();
  } catch {}
  return result ?? refuse(expected);
}

function compilePadding({ pad, with: filling, width }: PaddingRule, report: (message: string) => void): RuleWays {
  if (Array.from(filling).length !== 1) report('Padding is with one character');
  if (!Number.isInteger(width) || width < 1) report('The width of padding is a whole number above zero');
  const left = pad === 'left';
  const strip = (text: string): string => {
    let [start, end] = [0, text.length];
    if (left) while (text.startsWith(filling, start) && start < end) start += filling.length;
    else while (end > 0 && text.slice(0, end).endsWith(filling)) end -= filling.length;
    const rest = text.slice(start, end);
    // A number of nothing but zeros is a zero, not nothing.
    return rest === '' && text !== '' && filling === '0' ? '0' : rest;
  };
  return {
    decode: strip,
    encode: (text) => {
      if (text.length > width) refuse(`at most ${width} characters`);
      return left ? text.padStart(width, filling) : text.padEnd(width, filling);
    },
  };
}
