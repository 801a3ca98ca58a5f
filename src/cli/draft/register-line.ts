import { exportName } from './print/print-adapter.ts';

const IMPORT = /^import \{ (\w+) \} from '\.\/([^']+)\/adapter\.ts';$/;
const LIST = /^export const adapters = \[([^\]]*)\];$/m;

/**
 * `adapters/index.ts` with this adapter's line, in the order of names; the same text where the line is there. Undefined
 * where the file was rewritten by hand so that the line has no place in it.
 */
export function addRegistryLine(source: string, adapter: string): string | undefined {
  const name = exportName(adapter);
  const list = LIST.exec(source);
  if (list === null) return undefined;
  const names = (list[1] ?? '').split(',').map((item) => item.trim());
  const lines = source.split('\n');
  const imports = lines.filter((line) => IMPORT.test(line));
  const line = `import { ${name} } from './${adapter}/adapter.ts';`;
  if (imports.includes(line) && names.includes(name)) return source;
  const rest = lines.filter((other) => !IMPORT.test(other)).join('\n');
  const all = [...new Set([...imports, line])].sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
  const listed = [...new Set([...names, name])].filter((item) => item !== '').sort();
  return `${all.join('\n')}\n${rest}`.replace(LIST, () => `export const adapters = [${listed.join(', ')}];`);
}

function pathOf(line: string): string {
  return IMPORT.exec(line)?.[2] ?? '';
}
