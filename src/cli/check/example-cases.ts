import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../model/json.ts';

/** One example exchange of an adapter: what a consumer asks, what the legacy system answers, what the consumer gets. */
export interface ExampleCase {
  readonly adapter: string;
  readonly name: string;
  readonly title: string;
  readonly request: { readonly method: string; readonly path: string; readonly body?: JsonValue };
  /** What the legacy system must be sent, where the case says so. */
  readonly sent?: { readonly method: string; readonly path?: string; readonly file?: string };
  readonly reply: { readonly status: number; readonly contentType: string; readonly file: string };
  readonly answer: {
    readonly status: number;
    readonly body?: JsonValue;
    /** The problem's code, and the fields that its issues name. */
    readonly problem?: string;
    readonly fields?: readonly string[];
    /** The problem's typed details. */
    readonly details?: JsonValue;
  };
  /** Reads a file of the case's folder. */
  readonly read: (file: string) => Buffer;
}

/** The example cases of an adapter, from `adapters/<name>/examples/<case>/case.json` under the project's folder. */
export function exampleCases(projectFolder: string, adapter: string): ExampleCase[] {
  const folder = join(projectFolder, 'adapters', adapter, 'examples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({
    ...(JSON.parse(readFileSync(join(folder, name, 'case.json'), 'utf8')) as ExampleCase),
    adapter,
    name,
    read: (file: string) => readFileSync(join(folder, name, file)),
  }));
}
