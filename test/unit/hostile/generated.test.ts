/**
 * Inputs too large to keep as files: each ends in a problem of its own, quickly and without holding much, and none of
 * them is read. What is refused by a limit is refused by the defaults of `model/limits.ts`.
 */
import { describe, expect, it } from 'vitest';
import { csv, decimal, integer, optional, record, soap, text, variable, xml } from '../../../src/adapter.ts';
import { formats } from '../../../src/formats/index.ts';
import { compileMapping } from '../../../src/mapping/compile.ts';
import type { Endpoint, OutputData } from '../../../src/model/definition.ts';
import { DEFAULT_LIMITS } from '../../../src/model/limits.ts';
import { readJson } from '../../support/json-bytes.ts';

const refuse = (place: string, message: string): never => {
  throw new Error(`${place}: ${message}`);
};

/** Maps a legacy answer with the default limits; the body comes in pieces of 64 KiB, as connectors read it. */
async function answer(
  endpoint: Endpoint,
  output: OutputData,
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<unknown> {
  const format = formats[endpoint.format];
  const mapping = compileMapping(
    {
      input: {},
      output,
      problems: [],
      pathParameters: [],
      inBody: false,
      rows: format.rows,
      setAside: false,
      limits: DEFAULT_LIMITS,
    },
    refuse,
  );
  const call = format.compile(
    {
      endpoint,
      call: endpoint.format === 'soap' ? { operation: 'Op' } : { get: '' },
      request: mapping.request,
      response: mapping.response,
      details: [],
      limits: DEFAULT_LIMITS,
    },
    refuse,
  );
  const body = {
    bytes: async () => bytes,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
  };
  const document = await call.decode({ status: 200, contentType, body }, []);
  return readJson((await mapping.mapOut(document)).body);
}

const encode = (whole: string) => new TextEncoder().encode(whole);
const plain = xml({ endpoint: variable('URL') });
const a = record({ a: optional(text('@a')) });
const readXml = (document: string) => answer(plain, a, encode(document), 'text/xml');
const rowsOf = { type: 'rows', name: 'rows', fields: { x: text('x') } } as const;
const readCsv = (document: string) => answer(csv({ endpoint: variable('URL') }), rowsOf, encode(document), 'text/csv');

/** No input may take longer; most take milliseconds. */
const BUDGET_MS = 5_000;

describe('hostile documents are refused within their budget', () => {
  const attributes = (count: number) => Array.from({ length: count }, (_, index) => ` a${index}=""`).join('');
  const namespaces = Array.from({ length: 20_000 }, (_, index) => ` xmlns:n${index}="u${index}"`).join('');
  const entity = `<!DOCTYPE a [<!ENTITY e "${'x'.repeat(100_000)}">]><a>${'&e;'.repeat(10_000)}</a>`;
  it.each<[string, () => Promise<unknown>, string]>([
    ['deep nesting', () => readXml('<a>'.repeat(200_000) + '</a>'.repeat(200_000)), 'legacy-too-large'],
    ['many attributes', () => readXml(`<a${attributes(100_000)}/>`), 'legacy-too-large'],
    ['many namespaces', () => readXml(`<a${namespaces}/>`), 'legacy-too-large'],
    ['a huge attribute', () => readXml(`<a b="${'x'.repeat(9_000_000)}"/>`), 'legacy-too-large'],
    ['a huge text', () => readXml(`<a>${'x'.repeat(9_000_000)}</a>`), 'legacy-too-large'],
    ['many elements', () => readXml(`<a>${'<b/>'.repeat(300_000)}</a>`), 'legacy-too-large'],
    ['an entity used ten thousand times', () => readXml(entity), 'legacy-malformed'],
    [
      'an odd number of bytes in UTF-16',
      () => answer(plain, a, new Uint8Array([0xff, 0xfe, 0x3c, 0, 0x61]), 'text/xml'),
      'legacy-malformed',
    ],
    ['one row of a million columns', () => readCsv(`${'x,'.repeat(1_000_000)}\n`), 'legacy-too-large'],
    ['a quote that never ends', () => readCsv(`x\n"${'y'.repeat(5_000_000)}`), 'legacy-too-large'],
    [
      'an open envelope of deep nesting',
      () =>
        answer(
          soap({ endpoint: variable('URL'), namespace: 'urn:x' }),
          a,
          encode(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${'<a>'.repeat(100_000)}`),
          'text/xml',
        ),
      'legacy-too-large',
    ],
    [
      'a storm of MIME boundaries',
      () =>
        answer(
          soap({ endpoint: variable('URL'), namespace: 'urn:x' }),
          a,
          encode('--b\r\n\r\n'.repeat(100_000)),
          'multipart/related; boundary=b',
        ),
      'legacy-too-large',
    ],
  ])('%s', async (_, read, code) => {
    const started = performance.now();
    await expect(read()).rejects.toMatchObject({ code, status: 502, owner: 'legacy' });
    expect(performance.now() - started).toBeLessThan(BUDGET_MS);
  });

  it.each([400, 100_000])('a number of %d digits stays exact or is refused', async (digits) => {
    const number = '9'.repeat(digits);
    await expect(
      answer(plain, record({ n: integer('.') }), encode(`<n>${number}</n>`), 'text/xml'),
    ).rejects.toMatchObject({ code: 'legacy-value-invalid' });
    for (const field of [integer('.', { as: 'string' }), decimal('.')]) {
      expect(await answer(plain, record({ n: field }), encode(`<n>${number}</n>`), 'text/xml')).toEqual({ n: number });
    }
  });

  it('a million comments are passed over, and four million empty rows of one column are too many', async () => {
    expect(await readXml(`<a>${'<!---->'.repeat(1_000_000)}</a>`)).toEqual({});
    await expect(readCsv(`x\n${'\n'.repeat(4_000_000)}`)).rejects.toMatchObject({ code: 'answer-too-large' });
  });
});
