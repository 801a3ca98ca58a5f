import { byteOrderMark } from '../../../syntax/charset.ts';
import type { Notes } from '../wsdl/notes.ts';

/** A charset that old files are found in, by the letters that its bytes beyond ASCII are for. */
interface Candidate {
  readonly label: string;
  /** Letters of the script that the charset is for: in words of it they stand beside each other. */
  readonly script: RegExp | undefined;
}

/** In the order in which they are taken where the evidence is the same. */
const CANDIDATES: readonly Candidate[] = [
  { label: 'windows-1252', script: undefined },
  { label: 'macintosh', script: undefined },
  { label: 'windows-1251', script: /\p{Script=Cyrillic}/u },
  { label: 'iso-8859-7', script: /\p{Script=Greek}/u },
  { label: 'windows-874', script: /\p{Script=Thai}/u },
  { label: 'shift_jis', script: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u },
  { label: 'gbk', script: /\p{Script=Han}/u },
  { label: 'big5', script: /\p{Script=Han}/u },
  { label: 'euc-kr', script: /\p{Script=Hangul}/u },
];

/** So much of a sample is looked at, bytes. */
const LOOK_AT_BYTES = 256 * 1024;

/**
 * The charset that an endpoint has to declare for this sample; undefined where a byte order mark tells it, or the bytes
 * are UTF-8 (ASCII among it). Every other answer is a guess, and asked.
 */
export function guessCharset(bytes: Uint8Array, notes: Notes): string | undefined {
  if (byteOrderMark(bytes) !== undefined) return undefined;
  const wide = unmarkedWide(bytes);
  if (wide !== undefined) {
    ask(wide, 'every other byte is zero', notes);
    return wide;
  }
  if (decodes(bytes, 'utf-8')) return undefined;
  const sample = bytes.subarray(0, LOOK_AT_BYTES);
  const judged = CANDIDATES.filter(({ label }) => decodes(bytes, label)).map((candidate) => ({
    label: candidate.label,
    score: score(new TextDecoder(candidate.label).decode(sample), candidate),
  }));
  const [best] = judged.sort((a, b) => b.score - a.score);
  const label = best?.label ?? 'windows-1252';
  ask(label, 'the bytes are no UTF-8, and its letters make words of them', notes);
  return label;
}

function ask(label: string, evidence: string, notes: Notes): void {
  notes.ask('legacy.charset', 'Which charset does the system write? The file does not say', label, evidence);
}

function decodes(bytes: Uint8Array, label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** UTF-16 without a mark: of ASCII letters one byte of two is zero. */
function unmarkedWide(bytes: Uint8Array): string | undefined {
  const zeros = [0, 0];
  const length = Math.min(bytes.length, LOOK_AT_BYTES);
  for (let index = 0; index < length; index++) if (bytes[index] === 0) zeros[index % 2]!++;
  const [even = 0, odd = 0] = zeros;
  if (odd > length / 5 && even < odd / 10) return 'utf-16le';
  return even > length / 5 && odd < even / 10 ? 'utf-16be' : undefined;
}

/**
 * How well the characters beyond ASCII fit. For: letters of the charset's script beside each other; accented Latin
 * letters in words of ASCII ones. Against: symbols and capitals inside words, words of two scripts, control characters.
 */
function score(text: string, { script }: Candidate): number {
  const characters = [...text];
  let points = 0;
  for (const [index, character] of characters.entries()) {
    if (character <= '\u007f') continue;
    const [before = '', after = ''] = [characters[index - 1], characters[index + 1]];
    const isCapitalInside = /\p{Lu}/u.test(character) && /\p{Ll}/u.test(before);
    if (/[\u0080-\u009f\ufffd]/.test(character)) points -= 5;
    else if (isCapitalInside) points -= 2;
    else
      points +=
        script === undefined ? latinPoints(character, before, after) : scriptPoints(character, before, after, script);
  }
  return points;
}

function scriptPoints(character: string, before: string, after: string, script: RegExp): number {
  if (!script.test(character)) return -2;
  if (/[A-Za-z]/.test(before + after)) return -3;
  return script.test(before) || script.test(after) ? 2 : 0;
}

function latinPoints(character: string, before: string, after: string): number {
  if (/\p{L}/u.test(character)) return /[A-Za-z]/.test(before + after) ? 1 : -1;
  return /[A-Za-z]/.test(before) && /[A-Za-z]/.test(after) && character !== '\u2019' ? -1 : 0;
}
