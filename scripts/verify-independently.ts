/**
 * Makes fresh envelopes with throw-away keys and has them verified by programs that share no code with this project:
 * the snippets in docs/snippets, in Java (JDK alone) and Python (package cryptography). Also has them refuse forgeries.
 *
 *   node scripts/run.mjs scripts/verify-independently.ts
 *
 * Says which programs ran and which were skipped, and why. Exits with 1 where one of them disagrees.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { base64url, exportJWK, generateKeyPair } from 'jose';
import { SIGNING_ALGORITHM_NAMES, type SigningAlgorithm } from '../src/envelope/algorithm.ts';
import type { Carriage } from '../src/envelope/carriage.ts';
import { createKeyRing, type KeyRing } from '../src/envelope/keys.ts';
import { createSealer, EVIDENCE_HEADER } from '../src/envelope/seal.ts';
import type { Evidence } from '../src/model/evidence.ts';
import type { JsonObject } from '../src/model/json.ts';

/** One question to a verifier. */
export interface EnvelopeCase {
  readonly name: string;
  readonly envelope: string;
  readonly jwks: object;
  /** The body beside the envelope. */
  readonly body?: Uint8Array;
  readonly genuine: boolean;
}

/** A program that takes the files of an envelope, a key set and maybe a body. */
export interface Verifier {
  readonly name: string;
  readonly command: readonly [program: string, ...rest: string[]];
}

interface Skipped {
  readonly name: string;
  readonly skippedFor: string;
}

const OLDEST_JAVA = 17;
const PROGRAM_MILLISECONDS = 20_000;

const EMPTY_DIGEST = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';
const EVIDENCE: Evidence = {
  issuer: 'CAMBODIA/GOV/0001/population',
  audience: 'CAMBODIA/GOV/0002/tax',
  service: 'CAMBODIA/GOV/0001/population/persons/v1',
  transactionId: crypto.randomUUID(),
  request: { method: 'GET', target: '/persons/010203040', digest: EMPTY_DIGEST },
  sources: [],
  mapping: { id: 'getPerson', digest: EMPTY_DIGEST },
  adapterVersion: '0',
};

/** Every algorithm, each carriage, and one forgery of each kind. */
export async function makeCases(): Promise<EnvelopeCase[]> {
  const genuine = await Promise.all(SIGNING_ALGORITHM_NAMES.map(makeGenuine));
  const inHeader = genuine.find(({ body }) => body !== undefined);
  const inBody = genuine.find(({ envelope, body }) => body === undefined && !envelope.startsWith('{'));
  if (inHeader === undefined || inBody === undefined) throw new Error('A carriage is missing among the cases');
  return [...genuine, ...forge(inBody, inHeader)];
}

async function makeGenuine(alg: SigningAlgorithm, index: number): Promise<EnvelopeCase> {
  const carriages: readonly Carriage[] = [
    { form: 'header' },
    { form: 'flattened', mediaType: 'application/jose+json' },
    { form: 'compact', mediaType: 'application/jose' },
  ];
  const carriage = carriages[index % carriages.length] ?? { form: 'header' };
  const ring = await makeRing(alg);
  const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);
  const seal = createSealer({ ring, platform: { now: Date.now, random } });
  const answer = { status: 200, headers: [], body: { name: 'សុខ', born: '1990-01-31' }, problem: false };
  const { headers, body } = await seal(answer, EVIDENCE, carriage);
  const carried = headers.find(([name]) => name === EVIDENCE_HEADER)?.[1];
  return {
    name: `${alg}, ${carriage.form}`,
    jwks: ring.publicKeySet,
    genuine: true,
    envelope: carried ?? new TextDecoder().decode(body ?? new Uint8Array()),
    ...(carried !== undefined && body !== null && { body }),
  };
}

async function makeRing(alg: SigningAlgorithm): Promise<KeyRing> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const active = { ...(await exportJWK(privateKey)), alg } as JsonObject;
  const fetchNothing = () => Promise.reject(new Error('A local key needs no network'));
  return createKeyRing({ active, next: [], retired: [] }, { now: Date.now, fetch: fetchNothing });
}

function forge(inBody: EnvelopeCase, inHeader: EnvelopeCase): EnvelopeCase[] {
  const [header = '', payload = '', signature = ''] = inBody.envelope.split('.');
  const decode = (part: string) => new TextDecoder().decode(base64url.decode(part));
  const otherClient = base64url.encode(decode(payload).replace('/0002/tax', '/0003/tax'));
  const unsigned = base64url.encode(decode(header).replace(/"alg":"[^"]+"/, '"alg":"none"'));
  const twoAlgorithms = base64url.encode(decode(header).replace('{', '{"alg":"none",'));
  const forged = (name: string, envelope: string) => ({ ...inBody, genuine: false, name, envelope });
  return [
    forged('another client in the claims', `${header}.${otherClient}.${signature}`),
    forged('alg none', `${unsigned}.${payload}.`),
    forged('alg twice', `${twoAlgorithms}.${payload}.${signature}`),
    forged('padding behind the signature', `${inBody.envelope}==`),
    {
      ...inHeader,
      genuine: false,
      name: 'a signature of zeros',
      envelope: `${inHeader.envelope.replace(/[^.]*$/, '')}${'A'.repeat(86)}`,
    },
    { ...inBody, genuine: false, name: 'another key set', jwks: inHeader.jwks },
    { ...inHeader, genuine: false, name: 'a body cut short', body: (inHeader.body ?? new Uint8Array()).slice(0, -1) },
  ];
}

/** What a verifier says otherwise than it should, a line each. Refusing is to exit with 1 and to say `Refused:`. */
export function disagreements({ command }: Verifier, cases: readonly EnvelopeCase[], folder: string): string[] {
  return cases.flatMap(({ name, envelope, jwks, body, genuine }) => {
    const files = Object.entries({ envelope, jwks: JSON.stringify(jwks), ...(body && { body }) }).map(
      ([file, content]) => {
        writeFileSync(join(folder, file), content);
        return join(folder, file);
      },
    );
    const { status, stderr } = run([...command, ...files]);
    const agrees = genuine ? status === 0 : status === 1 && stderr.startsWith('Refused: ');
    return agrees ? [] : [`${name}: ${genuine ? 'to be verified' : 'to be refused'}, exit code ${status}\n${stderr}`];
  });
}

function run([program = '', ...rest]: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(program, rest, { encoding: 'utf8', timeout: PROGRAM_MILLISECONDS });
}

/** Compiled once: `java VerifyEnvelope.java`, as the snippet is to be used, compiles each time. */
function prepareJava(folder: string): Verifier | Skipped {
  const name = 'Java';
  const [, version] = /^javac (\d+)/.exec(run(['javac', '-version']).stdout ?? '') ?? [];
  if (version === undefined) return { name, skippedFor: 'there is no JDK on this machine' };
  if (Number(version) < OLDEST_JAVA) return { name, skippedFor: `the JDK is ${version}, ${OLDEST_JAVA} is needed` };
  const { status, stderr } = run(['javac', '-d', folder, snippet('java/VerifyEnvelope.java')]);
  if (status !== 0) throw new Error(`The Java snippet does not compile:\n${stderr}`);
  return { name, command: ['java', '-cp', folder, 'VerifyEnvelope'] };
}

function preparePython(): Verifier | Skipped {
  const name = 'Python';
  const { error, status } = run(['python3', '-c', 'import cryptography']);
  if (error !== undefined) return { name, skippedFor: 'there is no python3 on this machine' };
  if (status !== 0) return { name, skippedFor: 'the package cryptography is not installed' };
  return { name, command: ['python3', snippet('python/verify_envelope.py')] };
}

function snippet(path: string): string {
  return fileURLToPath(new URL(`../docs/snippets/${path}`, import.meta.url));
}

async function main(folder: string): Promise<number> {
  const cases = await makeCases();
  let failed = 0;
  for (const verifier of [prepareJava(folder), preparePython()]) {
    if ('skippedFor' in verifier) {
      console.log(`${verifier.name}: skipped, ${verifier.skippedFor}`);
      continue;
    }
    const found = disagreements(verifier, cases, folder);
    for (const line of found) console.error(`${verifier.name} disagrees on ${line}`);
    const genuine = cases.filter((one) => one.genuine).length;
    const agreed = `${genuine} genuine envelopes verified, ${cases.length - genuine} forged ones refused`;
    console.log(`${verifier.name}: ${found.length === 0 ? agreed : `${found.length} of ${cases.length} disagree`}`);
    failed += found.length;
  }
  return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = mkdtempSync(join(tmpdir(), 'spean-verify-'));
  try {
    process.exitCode = (await main(folder)) === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
