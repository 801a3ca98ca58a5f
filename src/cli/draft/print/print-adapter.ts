import * as builderFunctions from '../../../adapter.ts';
import type {
  AdapterDefinition,
  HttpCall,
  OperationDefinition,
  OutputData,
  ProblemRule,
  SoapCall,
} from '../../../model/definition.ts';
import type { Fields } from '../../../model/field.ts';
import { camelCase } from '../wsdl/names.ts';
import { Builders } from './builders.ts';
import { printEndpoint } from './print-endpoint.ts';
import { type PrintFields, printField } from './print-field.ts';
import { printBlock, printObject, printValue } from './print-value.ts';
import { findSharedFields } from './shared-fields.ts';

/** Names that the printed file has already, or that ECMAScript keeps for itself. */
const TAKEN: readonly string[] = [
  ...Object.keys(builderFunctions),
  ...['adapters', 'arguments', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default'],
  ...['delete', 'do', 'else', 'enum', 'eval', 'export', 'extends', 'false', 'finally', 'for', 'function', 'if'],
  ...['implements', 'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'package', 'private'],
  ...['protected', 'public', 'return', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var'],
  ...['undefined', 'void', 'while', 'with', 'yield'],
];

/** The name under which an adapter's file exports it. */
export function exportName(adapter: string): string {
  const name = camelCase(adapter, 'adapter');
  return TAKEN.includes(name) ? `${name}Adapter` : name;
}

/**
 * The source of `adapters/<name>/adapter.ts`: evaluated, it is the definition again. It is not formatted yet, but
 * breaks its lines where a reader wants them.
 */
export function printAdapter(definition: AdapterDefinition): string {
  const builders = new Builders();
  const name = exportName(definition.name);
  const shared = findSharedFields(groupsOf(definition), [...TAKEN, name]);
  const constants: string[] = [];
  const printed = new Set<string>();
  const fieldsOf: PrintFields = (fields) => {
    const json = JSON.stringify(fields);
    const constant = shared.get(json);
    if (constant === undefined) return printFields(fields);
    if (!printed.has(json)) {
      printed.add(json);
      const source = printFields(fields);
      constants.push(`const ${constant} = ${source};\n`);
    }
    return constant;
  };
  const printFields = (fields: Fields): string => {
    const members = Object.entries(fields).map(([member, field]): [string, string] => [
      member,
      printField(field, builders, fieldsOf),
    ]);
    return members.length === 1 ? printObject(members) : printBlock(members);
  };

  const adapter = builders.call('defineAdapter', printDefinition(definition, builders, fieldsOf));
  const imports = `import { ${builders.used.join(', ')} } from '../../src/adapter.ts';\n`;
  return [imports, ...constants, `export const ${name} = ${adapter};\n`].join('\n');
}

function printDefinition(definition: AdapterDefinition, builders: Builders, fieldsOf: PrintFields): string {
  const { name, title, legacy, operations, ...more } = definition;
  const endpoints = Object.entries(legacy).map(([endpointName, endpoint]): [string, string] => [
    endpointName,
    printEndpoint(endpoint, builders),
  ]);
  const [[onlyName, only] = ['', '']] = endpoints;
  return printBlock([
    ['name', printValue(name)],
    ['title', printValue(title)],
    ...Object.entries(more).map(([member, value]): [string, string] => [member, printValue(value)]),
    ['legacy', endpoints.length === 1 && onlyName === 'legacy' ? only : printBlock(endpoints)],
    [
      'operations',
      printBlock(
        Object.entries(operations).map(([member, operation]) => [
          member,
          printOperation(operation, builders, fieldsOf),
        ]),
        '\n',
      ),
    ],
  ]);
}

function printOperation(definition: OperationDefinition, builders: Builders, fieldsOf: PrintFields): string {
  const { method, path, summary, description, via, call, input, output, problems, ...more } = definition;
  return builders.call(
    'operation',
    printBlock([
      [method, printValue(path)],
      ['summary', printValue(summary)],
      ...(description === undefined ? [] : [['description', printValue(description)] as const]),
      ...(via === undefined ? [] : [['via', printValue(via)] as const]),
      ['call', printCall(call)],
      ...Object.entries(more).map(([name, value]): [string, string] => [name, printValue(value)]),
      ...(Object.keys(input).length === 0 ? [] : [['input', fieldsOf(input)] as const]),
      ['output', printOutput(output, builders, fieldsOf)],
      ...(problems === undefined ? [] : [['problems', printProblems(problems, fieldsOf)] as const]),
    ]),
  );
}

function printCall(call: SoapCall | HttpCall): string {
  const isNameAlone = 'operation' in call && Object.keys(call).length === 1;
  return printValue(isNameAlone ? call.operation : call);
}

function printOutput(output: OutputData, builders: Builders, fieldsOf: PrintFields): string {
  if (output.type === 'rows') {
    const { type, name, fields, ...options } = output;
    return builders.call('rows', printValue(name), fieldsOf(fields), printedOptions(options));
  }
  if (output.type === 'row') {
    const { type, fields, ...options } = output;
    return builders.call('row', fieldsOf(fields), printedOptions(options));
  }
  return printField(output, builders, fieldsOf);
}

function printedOptions(options: object): string | undefined {
  return Object.keys(options).length === 0 ? undefined : printValue(options);
}

function printProblems(problems: readonly ProblemRule[], fieldsOf: PrintFields): string {
  const printed = problems.map(({ fields, ...rule }) =>
    printObject([
      ...Object.entries(rule).map(([name, value]): [string, string] => [name, printValue(value)]),
      ...(fields === undefined ? [] : [['fields', fieldsOf(fields)] as const]),
    ]),
  );
  return `[${printed.join(', ')}]`;
}

/** Every group of fields, with the name that a constant of it would have. */
function groupsOf({ operations }: AdapterDefinition): (readonly [string, Fields])[] {
  return Object.entries(operations).flatMap(([name, { input, output, problems = [] }]) => [
    [`${name}Input`, input] as const,
    ...outputGroups(name, output),
    ...problems.flatMap(({ fault, fields }) =>
      fields === undefined ? [] : [[camelCase(fault ?? name), fields] as const],
    ),
  ]);
}

function outputGroups(name: string, output: OutputData): (readonly [string, Fields])[] {
  if (output.type === 'rows' || output.type === 'row') return [[`${name}Row`, output.fields]];
  return [[`${name}Output`, output.type === 'record' ? output.fields : { output }]];
}
