import type { FieldData, Fields } from '../../../model/field.ts';
import { UniqueNames } from '../wsdl/names.ts';

/** A group of fields that a definition holds more than once becomes a constant from so many characters of JSON on. */
const SHARE_FROM_CHARACTERS = 160;

/** The groups of fields that stand several times in a definition: their JSON → the constant's name, inner groups first. */
export function findSharedFields(
  groups: readonly (readonly [name: string, fields: Fields])[],
  taken: Iterable<string>,
): ReadonlyMap<string, string> {
  const counts = new Map<string, { count: number; name: string }>();
  for (const [name, fields] of groups) countGroups(name, fields, counts);
  const names = new UniqueNames(taken);
  const shared = [...counts].filter(([json, { count }]) => count > 1 && json.length >= SHARE_FROM_CHARACTERS);
  return new Map(shared.map(([json, { name }]) => [json, names.take(name)]));
}

/** A group that is seen again was walked before: what it holds is counted once, as its constant holds it once. */
function countGroups(name: string, fields: Fields, counts: Map<string, { count: number; name: string }>): void {
  const json = JSON.stringify(fields);
  const seen = counts.get(json);
  if (seen !== undefined) {
    seen.count++;
    return;
  }
  for (const [member, field] of Object.entries(fields)) countField(member, field, counts);
  counts.set(json, { count: 1, name: /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : 'fields' });
}

function countField(name: string, field: FieldData, counts: Map<string, { count: number; name: string }>): void {
  if (field.type === 'record') countGroups(name, field.fields, counts);
  else if (field.type === 'list') countField(name, field.items, counts);
  else if (field.type === 'choice') {
    for (const [tag, { record }] of Object.entries(field.cases)) countGroups(tag, record.fields, counts);
  }
}
