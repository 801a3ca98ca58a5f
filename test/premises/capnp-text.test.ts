import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capnpConfiguration, embed } from '../../onpremises/capnp-text.ts';
import { workerdProgram } from '../../scripts/build/workerd-program.ts';
import { temporaryFolder } from '../support/cli-shell.ts';

const SAMPLES = 300;
/** Cap'n Proto's Text holds no NUL, and UTF-8 no lone surrogate. */
const anyText = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0'));

/** What workerd hands to a worker for each text, by way of a configuration that was written and read. */
function readBack(texts: readonly string[]): string[] {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'show.js'),
    'export default { test(_, env) { const all = JSON.stringify(env.TEXTS.map((name) => env[name])); console.log("^" + btoa(String.fromCharCode(...new TextEncoder().encode(all))) + "^"); } }',
  );
  const names = texts.map((_, index) => `T${index}`);
  const bindings = [
    ...texts.map((text, index) => ({ name: `T${index}`, text })),
    { name: 'TEXTS', json: JSON.stringify(names) },
  ];
  const worker = {
    modules: [{ name: 'show.js', esModule: embed('/show.js') }],
    compatibilityDate: '2026-10-01',
    bindings,
  };
  writeFileSync(join(folder, 'show.capnp'), capnpConfiguration({ services: [{ name: 'show', worker }] }));
  const output = execFileSync(workerdProgram(), ['test', '-I', folder, join(folder, 'show.capnp')], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return JSON.parse(Buffer.from(output.split('^')[1] ?? '', 'base64').toString('utf8'));
}

describe('capnpConfiguration()', () => {
  it('writes any text so that workerd reads the same text', () => {
    const texts = [
      '',
      '"',
      '\\',
      '\\"); evil = (',
      '-----BEGIN PRIVATE KEY-----\nAAAA\r\n',
      'ស្ពាន 🌉',
      '\u007f\u0080\uffff\x1b[0m',
      ...fc.sample(anyText, SAMPLES),
    ];
    expect(readBack(texts)).toEqual(texts);
  });

  it('refuses text with a NUL character, which would be cut off there', () => {
    expect(() => capnpConfiguration({ v8Flags: ['a\0b'] })).toThrow('NUL');
  });

  it('leaves out fields that are undefined, and writes empty lists and structs', () => {
    expect(capnpConfiguration({ services: [], logging: {}, extensions: undefined })).toContain(
      '(\n  services = [],\n  logging = ()\n)',
    );
  });
});
