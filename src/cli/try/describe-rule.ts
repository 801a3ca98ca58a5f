import type { Field } from '../../model/field.ts';

/** Options of a field that say nothing of how its value is read. */
const SILENT = [
  'type',
  'at',
  'or',
  'items',
  'title',
  'description',
  'example',
  'public',
  'optional',
  'nullable',
  'rules',
  'selects',
];

/** What a field does with the text that it finds, in one line: `date format dd/MM/yyyy, trim`. */
export function describeRule(field: Field): string {
  const options = Object.entries(field)
    .filter(([name]) => !SILENT.includes(name))
    .map(([name, value]) => describeOption(name, value));
  const rules = 'rules' in field ? (field.rules ?? []).map(describeStep) : [];
  const presence = [
    ...('optional' in field && field.optional ? ['may be absent'] : []),
    ...('nullable' in field && field.nullable ? ['may be nil'] : []),
  ];
  return [[field.type, ...options].join(' '), ...rules, ...presence].join(', ');
}

function describeOption(name: string, value: unknown): string {
  if (value === true) return name;
  if (name === 'table')
    return Object.entries(value as object)
      .map(([code, meaning]) => `${code} → ${meaning}`)
      .join(', ');
  return `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function describeStep(rule: unknown): string {
  if (typeof rule === 'string') return rule;
  const { name } = rule as { name?: string };
  return name ?? JSON.stringify(rule);
}
