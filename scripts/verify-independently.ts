/**
 * Seals fresh answers with keys that are thrown away, and has them verified by the programs of docs/snippets, which
 * share no code with this project: genuine ones have to be taken, forged ones refused. Says which programs ran, and
 * which were skipped and why. Exits with 1 when a verdict is wrong.
 *
 *   node scripts/run.mjs scripts/verify-independently.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair } from 'jose';
import type { SigningAlgorithm } from '../src/envelope/algorithm.ts';
import type { Carriage } from '../src/envelope/carriage.ts';
import { digestOf } from '../src/envelope/digest.ts';
import { createKeyRing, type PublicKeySet } from '../src/envelope/keys.ts';
import { createSealer, EVIDENCE_HEADER } from '../src/envelope/seal.ts';
import type { JsonObject } from '../src/model/json.ts';

interface Program {
  readonly name: string;
  /** Exits with 0 where the program can run here. */
  readonly probe: readonly string[];
  readonly command: readonly string[];
}

interface Case {
  readonly name: string;
  readonly genuine: boolean;
  readonly envelope: string;
  readonly keySet: PublicKeySet;
  readonly body?: string;
}

const snippet = (path: string) => fileURLToPath(new URL(`../docs/snippets/${path}`, import.meta.url));

const PROGRAMS: readonly Program[] = [
  {
    name: 'Java (JDK only)',
    // A JRE cannot compile the file, so the compiler's module is asked for.
    probe: ['java', '--describe-module', 'jdk.compiler'],
    command: ['java', snippet('java/VerifyEnvelope.java')],
  },
  {
    name: 'Python (cryptography)',
    probe: ['python3', '-c', 'import cryptography'],
    command: ['python3', snippet('python/verify_envelope.py')],
  },
];

const FLATTENED: Carriage = { form: 'flattened', mediaType: 'application/jose+json' };
const COMPACT: Carriage = { form: 'compact', mediaType: 'application/jose' };

async function sealed(alg: SigningAlgorithm, carriage: Carriage): Promise<Omit<Case, 'name' | 'genuine'>> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const active = { ...(await exportJWK(privateKey)), alg } as JsonObject;
  const platform = {
    now: () => Date.now(),
    fetch: () => Promise.reject(new Error('Nothing is fetched')),
    random: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes),
  };
  const ring = await createKeyRing({ active, next: [], retired: [] }, platform);
  const digest = await digestOf(new Uint8Array());
  const answer = { status: 200, headers: [], body: { name: 'សុខ', born: '1990-01-31' }, problem: false };
  const { headers, body } = await createSealer({ ring, platform })(
    answer,
    {
      issuer: 'CAMBODIA/GOV/0001/population',
      audience: 'CAMBODIA/GOV/0002/tax',
      service: 'CAMBODIA/GOV/0001/population/persons/v1',
      transactionId: crypto.randomUUID(),
      request: { method: 'GET', target: '/persons/1', digest },
      sources: [],
      mapping: { id: 'getPerson', digest },
      adapterVersion: '0.1.0',
    },
    carriage,
  );
  const text = new TextDecoder().decode(body ?? new Uint8Array());
  const carried = headers.find(([name]) => name === EVIDENCE_HEADER)?.[1];
  const keySet = ring.publicKeySet;
  return carried === undefined ? { envelope: text, keySet } : { envelope: carried, keySet, body: text };
}

async function makeCases(): Promise<Case[]> {
  const inBody = await sealed('ES256', COMPACT);
  const inHeader = await sealed('PS256', { form: 'header' });
  const [header = '', payload = '', signature] = inBody.envelope.split('.');
  const decode = (part: string) => Buffer.from(part, 'base64url').toString();
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  const toAnother = encode(decode(payload).replace('0002/tax', '0003/tax'));
  const unsigned = encode(decode(header).replace('"ES256"', '"none"'));
  return [
    { name: 'ES256, in the body', genuine: true, ...inBody },
    { name: 'PS256, in the header', genuine: true, ...inHeader },
    { name: 'Ed25519, flattened', genuine: true, ...(await sealed('Ed25519', FLATTENED)) },
    { name: 'to another client', genuine: false, ...inBody, envelope: `${header}.${toAnother}.${signature}` },
    { name: 'unsigned', genuine: false, ...inBody, envelope: `${unsigned}.${payload}.` },
    { name: 'with another body', genuine: false, ...inHeader, body: '{}' },
  ];
}

/** Whether the program's verdict is the right one. */
function judge({ command }: Program, { envelope, keySet, body, genuine }: Case, folder: string): boolean {
  const files = { envelope, keys: JSON.stringify(keySet), ...(body === undefined ? {} : { body }) };
  const paths = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const [program = '', ...fixed] = command;
  const { status, stdout, stderr } = spawnSync(program, [...fixed, ...paths], { encoding: 'utf8' });
  // A program that breaks down has not refused anything.
  const right = genuine ? status === 0 && stdout.includes('iss: ') : status === 1 && stderr.includes('Refused: ');
  if (!right) console.error(stderr || stdout);
  return right;
}

const cases = await makeCases();
const folder = mkdtempSync(join(tmpdir(), 'spean-verify-'));
let wrong = 0;
for (const program of PROGRAMS) {
  const [command = '', ...rest] = program.probe;
  if (spawnSync(command, rest).status !== 0) {
    console.log(`skipped: ${program.name}, since "${program.probe.join(' ')}" does not work here`);
    continue;
  }
  const failed = cases.filter((one) => !judge(program, one, folder));
  for (const { name, genuine } of failed)
    console.log(`wrong: ${program.name}, ${genuine ? 'refused' : 'took'} ${name}`);
  console.log(`ran: ${program.name}, ${cases.length - failed.length} of ${cases.length} verdicts right`);
  wrong += failed.length;
}
rmSync(folder, { recursive: true });
process.exitCode = wrong > 0 ? 1 : 0;
