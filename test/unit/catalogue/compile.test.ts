import { describe, expect, it } from 'vitest';
import {
  type CompileTools,
  compileCatalogue,
  DefinitionError,
  mistakesOf as mistakesIn,
} from '../../../src/catalogue/compile.ts';
import { lookUp } from '../../../src/catalogue/look-up.ts';
import type { CompiledCall, CompiledMapping, Format } from '../../../src/model/contracts.ts';
import type { AdapterDefinition, OperationDefinition } from '../../../src/model/definition.ts';
import type { AdmittedRequest } from '../../../src/model/exchange.ts';

const format: Format = { name: 'soap', rows: false, compile: () => ({}) as CompiledCall };
const tools: CompileTools = {
  formats: { soap: format, xml: format, csv: format, fixedWidth: format },
  compileMapping: () => ({ request: { slots: [] }, response: { slots: [] } }) as unknown as CompiledMapping,
};

function operation(
  method: OperationDefinition['method'],
  path: string,
  more: Partial<OperationDefinition> = {},
): OperationDefinition {
  return {
    method,
    path,
    summary: '',
    call: { operation: 'X' },
    input: {},
    output: { type: 'record', fields: {} },
    ...more,
  };
}

function adapter(
  operations: Record<string, OperationDefinition>,
  more: Partial<AdapterDefinition> = {},
): AdapterDefinition {
  return {
    name: 'registry',
    title: '',
    legacy: { legacy: { format: 'soap', endpoint: { from: 'variable', name: 'URL' }, namespace: 'urn:x' } },
    operations,
    ...more,
  };
}

function mistakesOf(...adapters: AdapterDefinition[]): string[] {
  try {
    compileCatalogue(adapters, tools);
  } catch (error) {
    if (error instanceof DefinitionError) return error.mistakes.map(({ place, message }) => `${place}: ${message}`);
    throw error;
  }
  return [];
}

describe('compileCatalogue()', () => {
  it.each<[string, AdapterDefinition[], string]>([
    [
      'two adapters of one name',
      [adapter({ a: operation('get', '/') }), adapter({ a: operation('get', '/') })],
      'name',
    ],
    ['a name that no URL should have', [adapter({ a: operation('get', '/') }, { name: 'My Registry' })], 'name'],
    [
      'a service code with an underscore',
      [adapter({ a: operation('get', '/') }, { serviceCode: 'a_b' })],
      'serviceCode',
    ],
    ['no operation', [adapter({})], 'operations'],
    ['a parameter inside a segment', [adapter({ a: operation('get', '/x-{id}') })], 'operations.a.path'],
    ['a path without a slash', [adapter({ a: operation('get', 'x') })], 'operations.a.path'],
    ['an endpoint that is not there', [adapter({ a: operation('get', '/', { via: 'b' }) })], 'operations.a.via'],
    [
      'a limit of nothing',
      [adapter({ a: operation('get', '/', { limits: { rows: 0 } }) })],
      'operations.a.limits.rows',
    ],
    [
      'paths that differ in the names of their parameters',
      [adapter({ a: operation('get', '/x/{id}'), b: operation('put', '/x/{name}') })],
      'operations.b.path',
    ],
    ['a path that every adapter has', [adapter({ a: operation('get', '/openapi.json') })], 'operations.a.path'],
    [
      'two operations of one route',
      [adapter({ a: operation('get', '/x/{id}'), b: operation('get', '/x/{name}') })],
      'operations.b.path',
    ],
  ])('reports %s with its place', (_, adapters, place) => {
    expect(mistakesOf(...adapters).map((mistake) => mistake.split(':')[0])).toEqual([place]);
  });

  it('reports the mistakes of all adapters together', () => {
    const bad = adapter({ a: operation('get', 'x'), b: operation('get', '/', { via: 'c' }) });
    expect(mistakesOf(bad, { ...bad, name: 'other' })).toHaveLength(4);
  });
});

describe("compileCatalogue() of 'whenCalled'", () => {
  const compiled: string[] = [];
  const late: CompileTools = {
    ...tools,
    compileMapping: (part, report) => {
      compiled.push(Object.keys(part.input).join());
      if ('bad' in part.input) report('input.bad', 'is bad');
      return tools.compileMapping(part, report);
    },
  };
  const text = { type: 'text', at: 'X' } as const;
  const open = () =>
    compileCatalogue(
      [
        adapter({
          good: operation('get', '/good', { input: { a: text } }),
          b: operation('get', '/b', { input: { bad: text } }),
        }),
        adapter({ c: operation('get', 'no-slash') }, { name: 'other' }),
      ],
      late,
      'whenCalled',
    );
  const mistakes = (run: () => unknown): string[] => {
    try {
      run();
    } catch (error) {
      if (error instanceof DefinitionError) return error.mistakes.map((one) => `${one.adapter} ${one.place}`);
      throw error;
    }
    return [];
  };

  it('compiles an operation once, when it is called', () => {
    compiled.length = 0;
    const good = open()
      .get('registry')!
      .operations.find(({ name }) => name === 'good')!;
    expect(compiled).toEqual([]);
    expect([good.mapping, good.call]).toEqual([good.mapping, good.call]);
    expect(compiled).toEqual(['a']);
  });

  it('tells the mistakes of what is called, each time, and all of them when asked for all', () => {
    const catalogue = open();
    const called = (name: string) =>
      mistakes(() => catalogue.get('registry')!.operations.find((operation) => operation.name === name)!.mapping);
    expect(called('good')).toEqual([]);
    for (let call = 0; call < 2; call++) {
      expect(called('b')).toEqual(['registry operations.b.input.bad']);
      expect(mistakes(() => catalogue.get('other')?.operations)).toEqual(['other operations.c.path']);
    }
    expect(mistakesIn(catalogue).map((one) => `${one.adapter} ${one.place}`)).toEqual([
      'registry operations.b.input.bad',
      'other operations.c.path',
    ]);
  });
});

describe('lookUp()', () => {
  const catalogue = compileCatalogue(
    [
      adapter({
        byId: operation('get', '/companies/{id}'),
        newest: operation('get', '/companies/newest'),
        change: operation('put', '/companies/{id}'),
        root: operation('post', '/'),
      }),
    ],
    tools,
  );
  const find = (method: string, ...segments: string[]) =>
    lookUp({ method, adapter: 'registry' } as AdmittedRequest, segments, catalogue);

  it('finds an operation by method and path, literals before parameters', () => {
    expect(find('GET', 'companies', 'newest').operation.name).toBe('newest');
    expect(find('GET', 'companies', '00012345')).toMatchObject({
      operation: { name: 'byId' },
      pathParameters: { id: '00012345' },
    });
    expect(find('PUT', 'companies', 'newest')).toMatchObject({
      operation: { name: 'change' },
      pathParameters: { id: 'newest' },
    });
    expect(find('POST').operation.name).toBe('root');
  });

  it('answers HEAD as GET', () => {
    expect(find('HEAD', 'companies', '1').operation.name).toBe('byId');
  });

  it('tells an unknown path from a method that is not offered', () => {
    expect(() => find('GET', 'company')).toThrow(expect.objectContaining({ code: 'path-unknown', status: 404 }));
    expect(() => find('GET', 'companies', '1', 'x')).toThrow(expect.objectContaining({ code: 'path-unknown' }));
    expect(() => find('DELETE', 'companies', '1')).toThrow(
      expect.objectContaining({ code: 'method-not-allowed', status: 405, headers: { Allow: 'GET, HEAD, PUT' } }),
    );
    expect(() => lookUp({ method: 'GET', adapter: 'constructor' } as AdmittedRequest, [], catalogue)).toThrow(
      expect.objectContaining({ code: 'path-unknown' }),
    );
  });
});
