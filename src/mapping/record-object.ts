import type { JsonValue } from '../model/json.ts';

/** A record under construction: any name is an ordinary one. */
export type RecordObject = Record<string, JsonValue>;

/** Sets a member; `__proto__` would otherwise set the prototype. */
export function setMember(record: RecordObject, name: string, value: JsonValue): void {
  if (name === '__proto__') {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  } else record[name] = value;
}
