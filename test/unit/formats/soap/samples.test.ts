import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { soapFormat } from '../../../../src/formats/soap/format.ts';
import { readMessage } from '../../../../src/formats/soap/multipart.ts';
import { soapVersion } from '../../../../src/formats/soap/soap-version.ts';
import { charsetOfContentType, decodeXml } from '../../../../src/syntax/charset.ts';
import { decodeOne, many, plan, reply, type SlotSketch } from '../../../support/format-call.ts';
import { samplesFolder } from '../../../support/samples.ts';
import { type Outline, outline, textsByPosition } from '../../../support/xml-outline.ts';

/** What a file must yield other than all its texts: the names of its fault, or the reason for its refusal. */
type Outcome = { readonly fault: readonly string[] } | { readonly refused: RegExp };

const MULTI_REFERENCE = { refused: /multi-reference values/ };

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  'ar-fault-500-cpe.xml': { fault: ['Client'] },
  'ar-fault-axis-500.xml': { fault: ['coe.alreadyAuthenticated', 'exceptionName', 'hostname'] },
  'axis-soap12-part1_soap11-version-mismatch-fault.xml': { fault: ['VersionMismatch'] },
  'axis-soap12-testcollection_XMLP-1-response.xml': { fault: ['Sender', 'BadArguments'] },
  'axis-soap12_add-test-doc-int_XMLP-19-response.xml': { fault: ['MustUnderstand'] },
  'cxf-test-soap-12-fault-detail.xml': { fault: ['Receiver'] },
  'es-ens_presentation_error_99999.xml': { fault: ['Server'] },
  'savon-another_soap_fault.xml': { fault: ['ERR_NO_SESSION', 'soapVal'] },
  'savon-empty_soap_fault.xml': { fault: ['soapVal'] },
  'suds-reply-L568.xml': { fault: ['Client', 'errorcode'] },
  'xroad-customfault.answer.txt': { fault: ['FOOCODE', 'detail', 'STRING'] },
  'zeep-fault12.xml': { fault: ['fault-code', 'myFaultDetails'] },
  'pear-multiref-forward.xml': MULTI_REFERENCE,
  'savon-multi_ref.xml': MULTI_REFERENCE,
  'zeep-multiref-1.xml': MULTI_REFERENCE,
  'savon-no_body.xml': { refused: /has no Body/ },
  'suds-reply-L158.xml': { refused: /The SOAP body is empty/ },
  'html-rails-500.html': { refused: /HTML page/ },
  'gus-raw-mtom.txt': { refused: /ends within a part/ },
};

/** Documents inside answers rather than answers, which the XML samples have; and answers with attachments, below. */
const ELSEWHERE = /^(gus-inner-|xroad-attachm-mtom|axiom-mtom|zeep-swa)/;

const folder = samplesFolder === undefined ? undefined : join(samplesFolder, 'soap');
const files = folder === undefined ? [] : readdirSync(folder).filter((file) => /\.\w+$/.test(file));

function contentTypeOf(bytes: Uint8Array): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200)).trimStart();
  const boundary = /^--([^\r\n]+)/.exec(start)?.[1];
  return boundary === undefined ? 'text/xml' : `multipart/related; type="text/xml"; boundary="${boundary}"`;
}

interface Answer {
  readonly version: '1.1' | '1.2';
  readonly body: Outline | undefined;
}

/** The envelope as an independent parser sees it; undefined where it cannot be read. */
function independently(bytes: Uint8Array, contentType: string): Answer | undefined {
  try {
    const message = readMessage(bytes, contentType);
    const root = outline(decodeXml(message.bytes, charsetOfContentType(message.contentType)));
    const body = root.children.find(({ local, namespace }) => local === 'Body' && namespace === root.namespace);
    return { version: root.namespace === soapVersion('1.2').namespace ? '1.2' : '1.1', body: body?.children[0] };
  } catch {
    return undefined;
  }
}

function decodeSample(bytes: Uint8Array, contentType: string, slots: readonly SlotSketch[], answer?: Answer) {
  const { version = '1.1', body } = answer ?? {};
  const sketch = {
    call: { operation: 'Any', response: body?.local ?? 'AnyResponse' },
    endpoint: { version, namespace: body?.namespace ?? 'urn:any' },
    response: plan(...slots),
  };
  return decodeOne(soapFormat, sketch, reply(bytes, { contentType }));
}

async function expectAllTexts(bytes: Uint8Array, contentType: string): Promise<void> {
  const answer = independently(bytes, contentType);
  expect(answer?.body, 'an independent parser reads it').toBeDefined();
  const texts = textsByPosition(answer?.body as Outline);
  const slots = [...texts.keys()].map((position) =>
    position.includes('/') || !position.startsWith('@') ? many(position) : position,
  );
  const expected = Object.fromEntries([...texts].map(([at, all]) => [at, at.startsWith('@') ? all[0] : all]));
  expect(await decodeSample(bytes, contentType, slots, answer)).toEqual(expected);
}

async function expectOutcome(bytes: Uint8Array, contentType: string, outcome: Outcome): Promise<void> {
  const answer = independently(bytes, contentType);
  const asked = textsByPosition(answer?.body ?? outline('<none/>'));
  // an asked-for @href would be data rather than a reference
  const slots = [...asked.keys()].filter((at) => !at.endsWith('@href')).map((at) => many(at));
  const refusal = decodeSample(bytes, contentType, slots, answer);
  if ('fault' in outcome) {
    await expect(refusal).rejects.toMatchObject({ name: 'LegacyFaultError', facts: { names: outcome.fault } });
  } else {
    await expect(refusal).rejects.toMatchObject({ name: 'SpeanError', detail: expect.stringMatching(outcome.refused) });
  }
}

const read = (...path: readonly string[]): Uint8Array =>
  new Uint8Array(readFileSync(join(samplesFolder ?? '', ...path)));

describe.skipIf(folder === undefined)('a real SOAP answer (skipped without ../shared/samples)', () => {
  test.each(files.filter((file) => !ELSEWHERE.test(file)))('%s', async (file) => {
    const bytes = read('soap', file);
    const outcome = OUTCOMES[file];
    if (outcome === undefined) await expectAllTexts(bytes, contentTypeOf(bytes));
    else await expectOutcome(bytes, contentTypeOf(bytes), outcome);
  });

  test.each(['tipos-iso-8859-1.xml', 'tipos-utf-16le.xml'])('%s holds what the UTF-8 original holds', async (file) => {
    const texts = async (bytes: Uint8Array) =>
      decodeSample(
        bytes,
        'text/xml',
        [many('ComprobantesTipoConsultarResult/ResultGet/CbteTipo', 'Id', 'Desc')],
        independently(bytes, 'text/xml'),
      );
    expect(await texts(read('soap', 'derived', file))).toEqual(await texts(read('soap', 'ar-tipos-comprobante.xml')));
  });
});

describe.skipIf(folder === undefined)('a real SOAP answer with attachments (skipped without ../shared/samples)', () => {
  const decode = (file: string, ...slots: readonly SlotSketch[]) => {
    const bytes = read('soap', file);
    return decodeSample(bytes, contentTypeOf(bytes), slots, independently(bytes, contentTypeOf(bytes)));
  };

  test('xroad-attachm-mtom.answer.txt', async () => {
    expect(await decode('xroad-attachm-mtom.answer.txt', '.')).toEqual({ '.': btoa('foobarbaz') });
  });

  test('zeep-swa-multipart.mime.txt', async () => {
    expect(await decode('zeep-swa-multipart.mime.txt', 'theSignedForm/@href', 'theCrashPhoto/@href')).toEqual({
      'theSignedForm/@href': btoa('...Base64 encoded TIFF image...'),
      'theCrashPhoto/@href': btoa('...Raw JPEG image..'),
    });
  });

  test('axiom-mtom-sample1.msg', async () => {
    const file = Buffer.from(read('soap', 'axiom-mtom-sample1.msg'));
    const sections = file.toString('latin1').split(/\r?\n--MIMEBoundary[^\r\n]*\r?\n?/);
    const photos = sections
      .slice(-3, -1)
      .map((section) => section.slice(section.search(/\r?\n\r?\n/)).replace(/^\r?\n\r?\n/, ''));
    expect(await decode('axiom-mtom-sample1.msg', 'image1', 'image2', 'file1Name')).toEqual({
      image1: btoa(photos[0] ?? ''),
      image2: btoa(photos[1] ?? ''),
      file1Name: '/tmp/sampleMTOMTransfer1.jpg',
    });
  });
});

const peers = samplesFolder === undefined ? undefined : join(samplesFolder, 'peer', 'node-soap-samples');
const peerAnswers =
  peers === undefined ? [] : readdirSync(peers).filter((name) => existsSync(join(peers, name, 'response.xml')));

describe.skipIf(peers === undefined)("an answer of node-soap's suite (skipped without ../shared/samples)", () => {
  test.each(peerAnswers)('%s', async (name) => {
    const bytes = read('peer', 'node-soap-samples', name, 'response.xml');
    await expectAllTexts(bytes, contentTypeOf(bytes));
  });
});

test.skipIf(peers === undefined)(
  'nil, attributes and CDATA of node-soap samples are read exactly (skipped without ../shared/samples)',
  async () => {
    const element = async (name: string, ...slots: readonly SlotSketch[]) => {
      const bytes = read('peer', 'node-soap-samples', `Dummy__should_${name}`, 'response.xml');
      return decodeSample(bytes, 'text/xml', slots, independently(bytes, 'text/xml'));
    };
    const at = 'DummyResult/DummyList/DummyElement';
    const padded = '\n                       Dummy Element Entry\n                   ';
    expect(await element('handle_nil_false', at)).toEqual({ [at]: padded });
    expect(await element('escape_xml', at)).toEqual({ [at]: null });
    expect(await element('handle_attributes_in_response', `${at}/@language`)).toEqual({ [`${at}/@language`]: 'en-US' });
    expect(await element('handle_cdata_xml_in_response', at)).toEqual({
      [at]: expect.stringContaining('<?xml version="1.0" encoding="UTF-8" ?><response><forms><form ObjectId="1234"'),
    });
  },
);

/** The other messages of xroad-msg are faulty as requests only: in X-Road's own headers, which answers may lack. */
const bad: readonly (readonly [string, RegExp])[] = [
  ['cxf-test-bad-env.xml', /no known SOAP version/],
  ['cxf-test-no-endenv.xml', /ends inside the element/],
  ['soap-dtd/SOAP12ReqT23.xml', /The SOAP body is empty/],
  ['soap-dtd/SOAP12ReqT25.xml', /DOCTYPE/],
  ['xroad-msg/malformed-body1.query', /more than one element/],
  ['xroad-msg/malformed-body3.query', /not declared/],
];

describe.skipIf(folder === undefined)('a bad SOAP message (skipped without ../shared/samples)', () => {
  test.each(bad)('%s is refused', async (file, refused) => {
    const bytes = read('bad', file);
    const sketch = { version: file.startsWith('xroad') ? '1.1' : '1.2' } as const;
    const endpoint = { ...sketch, namespace: 'http://x-road.eu/xsd/xroad.xsd' };
    const refusal = decodeOne(
      soapFormat,
      { call: { operation: 'Get', response: 'getState' }, endpoint, response: plan() },
      reply(bytes, { contentType: contentTypeOf(bytes) }),
    );
    await expect(refusal).rejects.toMatchObject({ name: 'SpeanError', detail: expect.stringMatching(refused) });
  });
});
