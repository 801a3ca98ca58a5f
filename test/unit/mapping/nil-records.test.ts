import { describe, expect, it } from 'vitest';
import {
  choice,
  type Field,
  integer,
  list,
  nullable,
  optional,
  record,
  taggedChoice,
  text,
} from '../../../src/adapter.ts';
import { tryOperation } from '../../../src/cli/try/try-operation.ts';
import type { AdapterDefinition } from '../../../src/model/definition.ts';
import type { Fields } from '../../../src/model/field.ts';

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const REFUSED = 'refused';

function adapter(input: Fields, output: Field): AdapterDefinition {
  return {
    name: 'nils',
    title: 'Nils',
    legacy: {
      legacy: {
        format: 'soap',
        endpoint: { from: 'variable', name: 'NILS_URL' },
        namespace: 'urn:nils',
        namespaces: { n: 'urn:nils' },
      },
    },
    operations: {
      ask: {
        method: 'post',
        path: '/ask',
        summary: 'Ask',
        call: { operation: 'Ask' },
        input,
        output: record({ v: output }),
      },
    },
  };
}

async function trial(definition: AdapterDefinition, body: object, content: string) {
  const envelope =
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ${XSI}><s:Body>` +
    `<AskResponse xmlns="urn:nils" xmlns:n="urn:nils">${content}</AskResponse></s:Body></s:Envelope>`;
  const request = { method: 'POST', path: '/ask', body };
  const bytes = new TextEncoder().encode(envelope);
  return tryOperation(definition, 'ask', request as never, {}, async () => ({
    status: 200,
    contentType: 'text/xml',
    bytes,
  }));
}

async function answered(output: Field, content: string): Promise<unknown> {
  const { status, answer } = await trial(adapter({}, output), {}, content);
  if (status === 502) {
    expect(JSON.stringify(answer)).toMatch(/found nil/);
    return REFUSED;
  }
  expect(status).toBe(200);
  return (answer as { v?: unknown }).v;
}

const member = { a: optional(text('A')) };
const withText = { id: optional(text('@id')), value: nullable(text('.')) };
const either = { p: record('P', member), q: record('Q', member) };
const tagged = { p: ['n:P', record('X', member)], q: ['n:Q', record('X', member)] } as const;

describe('an element that is nil', () => {
  it.each<[string, Field, string, unknown]>([
    ['an item of a list', list('I', member), '<I><A>1</A></I><I xsi:nil="true"/>', REFUSED],
    ['a nullable item', list('I', nullable(record(member))), '<I><A>1</A></I><I xsi:nil="1"/>', [{ a: '1' }, null]],
    ['an item whose text says so', list('I', withText), '<I id="7" xsi:nil="true"/>', [{ id: '7', value: null }]],
    ['a record whose text says so', record('R', withText), '<R id="7" xsi:nil="true"/>', { id: '7', value: null }],
    ['a nullable record with a text', nullable(record('R', withText)), '<R xsi:nil="true"/>', null],
    ['a case of a choice', choice('kind', either), '<P xsi:nil="true"/>', REFUSED],
    ['a case of a nullable choice', nullable(choice('kind', either)), '<P xsi:nil="true"/>', null],
    ['an item that is a choice', list('I', choice('kind', either)), '<I xsi:nil="true"/>', REFUSED],
    ['a tagged element', optional(taggedChoice('X/@xsi:type', 'kind', tagged)), '<X xsi:nil="true"/>', REFUSED],
    ['a nullable tagged element', nullable(taggedChoice('X/@xsi:type', 'kind', tagged)), '<X xsi:nil="true"/>', null],
    [
      'a nullable tagged element that says its tag',
      nullable(taggedChoice('X/@xsi:type', 'kind', tagged)),
      '<X xsi:type="n:P" xsi:nil="true"/>',
      null,
    ],
  ])('is never a record of what is absent: %s', async (_, output, content, expected) => {
    expect(await answered(output, content)).toEqual(expected);
  });

  it('is refused as the whole answer too', async () => {
    const definition = adapter({}, record(member));
    const { answer } = await tryOperation(
      definition,
      'ask',
      { method: 'POST', path: '/ask', body: {} } as never,
      {},
      async () => ({
        status: 200,
        contentType: 'text/xml',
        bytes: new TextEncoder().encode(
          `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><AskResponse xmlns="urn:nils" ${XSI} xsi:nil="true"/></s:Body></s:Envelope>`,
        ),
      }),
    );
    expect(answer).toMatchObject({
      code: 'legacy-value-invalid',
      issues: [{ message: expect.stringMatching(/found nil/) }],
    });
  });

  it('is sent for a null item that may be one', async () => {
    const items = list('I', nullable(record({ n: integer('N') })));
    const { sent } = await trial(adapter({ items }, record(member)), { items: [{ n: 1 }, null] }, '');
    expect(sent?.body).toContain(`<I><N>1</N></I><I ${XSI} xsi:nil="true"/>`);
  });
});
