/** TypeScript source of a JSON value, on one line; a formatter breaks it where it must. */
export function printValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return printObject(Object.entries(value).map(([name, member]) => [name, printValue(member)]));
  }
  return JSON.stringify(value);
}

/** An object of members that are printed already. */
export function printObject(members: readonly (readonly [name: string, printed: string])[]): string {
  return members.length === 0 ? '{}' : `{ ${members.map(printMember).join(', ')} }`;
}

/** The same with every member on a line of its own, `gap` between them. A formatter keeps it so. */
export function printBlock(members: readonly (readonly [name: string, printed: string])[], gap = ''): string {
  return members.length === 0 ? '{}' : `{\n${members.map((member) => `${printMember(member)},\n`).join(gap)}}`;
}

/** A member whose value is the constant of its own name is written short, as a reader would. */
function printMember([name, printed]: readonly [name: string, printed: string]): string {
  return name === printed ? name : `${printName(name)}: ${printed}`;
}

/** `__proto__: x` would set the prototype instead of a member, so that one name is computed. */
function printName(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
