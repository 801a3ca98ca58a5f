import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { soapFormat } from '../../../../src/formats/soap/format.ts';
import { readMessage } from '../../../../src/formats/soap/multipart.ts';
import { decodeOne, plan, type Read, reply } from '../../../support/format-call.ts';

const TYPE = 'multipart/related; type="application/xop+xml"; boundary="--=_b (1)"; start="<root@x>"';
const ENVELOPE = (photo: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetResponse xmlns="urn:r"><Name>ក</Name><Photo>${photo}</Photo></GetResponse></s:Body></s:Envelope>`;
const include = (id: string): string =>
  `\n <i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:${id}"/> `;

interface PartSketch {
  readonly headers?: readonly string[];
  readonly body: string | Uint8Array;
}

function multipart(parts: readonly PartSketch[], lineBreak = '\r\n'): Uint8Array {
  const pieces: Uint8Array[] = [];
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  for (const { headers = [], body } of parts) {
    pieces.push(encode(`${lineBreak}----=_b (1)${lineBreak}`));
    pieces.push(encode([...headers, '', ''].join(lineBreak)), typeof body === 'string' ? encode(body) : body);
  }
  return new Uint8Array(Buffer.concat([...pieces, encode(`${lineBreak}----=_b (1)--${lineBreak}`)]));
}

function root(photo: string, contentType = 'application/xop+xml; charset=UTF-8; type="text/xml"'): PartSketch {
  return { headers: [`Content-Type: ${contentType}`, 'Content-ID: <root@x>'], body: ENVELOPE(photo) };
}

function decode(bytes: Uint8Array, contentType = TYPE): Promise<Read> {
  const sketch = { call: { operation: 'Get' }, endpoint: { namespace: 'urn:r' }, response: plan('Name', 'Photo') };
  return decodeOne(soapFormat, sketch, reply(bytes, { contentType }));
}

const PHOTO = Uint8Array.of(0, 13, 10, 45, 45, 0xff, 10);
const PHOTO_BASE64 = Buffer.from(PHOTO).toString('base64');

describe('a multipart answer', () => {
  test('gives an XOP include the base64 of its attachment', async () => {
    const bytes = multipart([root(include('p%40x')), { headers: ['Content-ID: <p@x>'], body: PHOTO }]);
    expect(await decode(bytes)).toEqual({ Name: 'ក', Photo: PHOTO_BASE64 });
  });

  test('gives a swaRef the base64 of its attachment and leaves other texts alone', async () => {
    const attachment = {
      headers: ['Content-ID: <p@x>', 'Content-Transfer-Encoding: base64'],
      body: `${PHOTO_BASE64}\r\n`,
    };
    expect(await decode(multipart([root('cid:p@x'), attachment]))).toEqual({ Name: 'ក', Photo: PHOTO_BASE64 });
    expect(await decode(multipart([root('cid:q@x'), attachment]))).toEqual({ Name: 'ក', Photo: 'cid:q@x' });
  });

  test('has its envelope in the part that start names, or in the first', async () => {
    const attachment = { headers: ['Content-ID: <p@x>'], body: PHOTO };
    expect(await decode(multipart([attachment, root(include('p@x'))]))).toMatchObject({ Photo: PHOTO_BASE64 });
    const plain = TYPE.replace(/; start=.*/, '');
    expect(await decode(multipart([root(include('p@x')), attachment]), plain)).toMatchObject({ Photo: PHOTO_BASE64 });
  });

  test('is read with folded headers, a preamble, an epilogue and bare line feeds', async () => {
    const folded = root('x', 'application/xop+xml;\r\n\tcharset=UTF-8');
    const bytes = Buffer.concat([Buffer.from('preamble'), multipart([folded]), Buffer.from('epilogue')]);
    expect(await decode(new Uint8Array(bytes))).toEqual({ Name: 'ក', Photo: 'x' });
    expect(await decode(multipart([root('x')], '\n'))).toEqual({ Name: 'ក', Photo: 'x' });
  });

  test('is read with padding behind its boundary, in a type, an encoding and a scheme of any case', async () => {
    const attachment = {
      headers: ['Content-ID: <p@x>', 'Content-Transfer-Encoding: BASE64'],
      body: PHOTO_BASE64,
    };
    const text = new TextDecoder().decode(multipart([root('CID:p@x'), attachment]));
    const padded = text.replaceAll('----=_b (1)\r\n', '----=_b (1) \t \r\n').replaceAll(' (1)--', ' (1)-- ');
    const bytes = new TextEncoder().encode(padded);
    const type = TYPE.replace('multipart/related', 'Multipart/Related ');
    expect(await decode(bytes, type)).toEqual({ Name: 'ក', Photo: PHOTO_BASE64 });
  });

  test('takes an element called Include in another namespace for what it is', async () => {
    const attachment = { headers: ['Content-ID: <p@x>'], body: PHOTO };
    const other = include('p@x').replace('2004/08/xop', '2004/09/xop');
    await expect(decode(multipart([root(other), attachment]))).rejects.toMatchObject({ code: 'legacy-unexpected' });
  });

  test('is not what another content type has', () => {
    const bytes = new TextEncoder().encode(ENVELOPE(''));
    for (const contentType of ['text/xml; charset=windows-1252', 'text/xml; note=" multipart/related"', undefined]) {
      expect(readMessage(bytes, contentType)).toMatchObject({ bytes, contentType });
    }
  });

  test('with a fault is a fault, whatever its status', async () => {
    const fault =
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>Client</faultcode></s:Fault></s:Body></s:Envelope>';
    const bytes = multipart([{ headers: ['Content-ID: <root@x>'], body: fault }]);
    await expect(decode(bytes)).rejects.toMatchObject({ facts: { names: ['Client'] } });
  });

  test('does not take a line that only begins like its boundary for one', () => {
    const body = 'a\r\n----=_b (1)more\r\n----=_b (1)-\r\n----=_b (1)x-\r\n----=_b (1)-x\r\nx----=_b (1)\r\nz';
    const bytes = multipart([root(''), { headers: ['content-id:<a>'], body }]);
    expect(new TextDecoder().decode(readMessage(bytes, TYPE).attachments.get('a'))).toBe(body);
  });

  test('keeps attachments of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        const line = '\r\n----=_b (1)';
        fc.pre(![first, second].some((bytes) => Buffer.from(bytes).includes(line)));
        const bytes = multipart([
          root(''),
          { headers: ['content-id:<a>'], body: first },
          { headers: ['content-id:<b>'], body: second },
        ]);
        const { attachments } = readMessage(bytes, TYPE);
        expect([...attachments.entries()].map(([id, part]) => [id, [...part]])).toEqual([
          ['a', [...first]],
          ['b', [...second]],
        ]);
      }),
    );
  });

  test.each<[string, Uint8Array, string, string]>([
    ['without its boundary', new TextEncoder().encode(ENVELOPE('')), TYPE, 'does not hold its boundary'],
    ['that names no boundary', multipart([root('')]), 'multipart/related', 'names no boundary'],
    ['that is cut off', multipart([root('')]).slice(0, -12), TYPE, 'ends within a part'],
    ['without its start part', multipart([{ body: ENVELOPE('') }]), TYPE, 'lacks its start part'],
    ['of a kind that only begins alike', multipart([root('')]), TYPE.replace('related', 'relatedx'), 'not multipart'],
    ['of another kind', multipart([root('')]), TYPE.replace('related', 'mixed'), 'not multipart/related'],
    [
      'with a header that is none',
      multipart([{ headers: ['Content-ID'], body: '' }]),
      TYPE,
      'without a name and a colon',
    ],
    [
      'with an unknown transfer encoding',
      multipart([root(''), { headers: ['Content-Transfer-Encoding: x-zip'], body: '' }]),
      TYPE,
      'transfer encoding',
    ],
    [
      'with base64 that is none',
      multipart([root(''), { headers: ['Content-Transfer-Encoding: base64'], body: '?' }]),
      TYPE,
      'says it is base64',
    ],
    [
      'with a Content-ID twice',
      multipart([root(''), { headers: ['Content-ID: <a>'], body: '' }, { headers: ['Content-ID: <a>'], body: '' }]),
      TYPE,
      'same Content-ID',
    ],
  ])('%s is refused', async (_, bytes, contentType, message) => {
    await expect(decode(bytes, contentType)).rejects.toMatchObject({
      code: 'legacy-malformed',
      detail: expect.stringContaining(message),
    });
  });

  test('is refused where an include names no part, or stands beside text', async () => {
    await expect(decode(multipart([root(include('q@x'))]))).rejects.toMatchObject({
      code: 'legacy-unexpected',
      detail: expect.stringContaining('An xop:Include names no part of the message'),
    });
    const attachment = { headers: ['Content-ID: <p@x>'], body: PHOTO };
    await expect(decode(multipart([root(`x${include('p@x')}`), attachment]))).rejects.toMatchObject({
      code: 'legacy-unexpected',
    });
    await expect(decode(multipart([root(include('p@x').repeat(2)), attachment]))).rejects.toMatchObject({
      code: 'legacy-unexpected',
    });
  });

  test('has limits for its parts and their headers', () => {
    const bytes = multipart([root(''), { headers: ['Content-ID: <aaaaaaaaaaaaaaaa>'], body: '' }]);
    expect(readMessage(bytes, TYPE, { multipartParts: 2, multipartHeaderBytes: 200 }).attachments.size).toBe(1);
    expect(() => readMessage(bytes, TYPE, { multipartParts: 1, multipartHeaderBytes: 200 })).toThrow(
      'more than 1 parts',
    );
    expect(() => readMessage(bytes, TYPE, { multipartParts: 2, multipartHeaderBytes: 20 })).toThrow(
      'longer than 20 bytes',
    );
  });
});
