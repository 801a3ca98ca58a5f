import type { Command } from 'commander';
import type { PublicKeySet } from '../../envelope/keys.ts';
import type { TrustedKeys } from '../../envelope/verification-key.ts';
import { type Verified, type VerifyOptions, verifyEnvelope } from '../../envelope/verify.ts';
import { readInput, readJsonInput } from '../read-input.ts';
import { CommandError, type Done, EXIT, type ExitCode, type Shell } from '../shell.ts';
import { readReceivedAnswer } from './received-answer.ts';
import { readRequestOnFile } from './received-request.ts';
import { tellVerdict } from './tell-verdict.ts';

interface VerifyFlags {
  readonly jwks?: string;
  readonly cert?: string;
  readonly body?: string;
  readonly request?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly service?: string;
  readonly transaction?: string;
  readonly nonce?: string;
  readonly maxAge?: string;
  readonly data?: true;
  readonly json?: true;
}

export function addVerifyCommand(program: Command, shell: Shell, done: Done): void {
  program
    .command('verify')
    .description('Verify an envelope: who said what to whom, and which checks hold')
    .argument('<file>', 'the envelope, or the whole answer as "curl -i" saves it; - for standard input')
    .option('--jwks <file or URL>', "the provider's key set")
    .option('--cert <file>', "the provider's certificate (PEM) that you trust, instead of a key set")
    .option('--body <file>', 'the plain body, where the envelope came in a header')
    .option('--request <file>', 'the request as it was sent, an HTTP message: "GET /path", headers, empty line, body')
    .option('--issuer <id>', 'the provider that must have signed: INSTANCE/CLASS/MEMBER/SUBSYSTEM')
    .option('--audience <id>', 'the client that must have been answered')
    .option('--service <id>', 'the service that must have answered')
    .option('--transaction <id>', "the answer's X-Road-Request-Id")
    .option('--nonce <text>', 'the nonce that was sent')
    .option('--max-age <seconds>', 'how old the statement may be')
    .option('--data', 'print the signed body, and nothing else, when it is verified')
    .option('--json', 'print the verdict as JSON')
    .addHelpText('after', '\nExit code 0 when every check that was asked holds, 1 when the envelope is refused.')
    .action(done((file: string, flags: VerifyFlags) => verify(file, flags, shell)));
}

async function verify(file: string, flags: VerifyFlags, shell: Shell): Promise<ExitCode> {
  const keys = await readKeys(flags, shell);
  const answer = readReceivedAnswer(await readInput(file, shell));
  const body = flags.body === undefined ? answer.body : await readInput(flags.body, shell);
  const result = await verifyEnvelope(answer.envelope, {
    keys,
    expected: { ...answer.expected, ...(await readExpectations(flags, shell)) },
    now: shell.now(),
    ...(body !== undefined && { body }),
    ...(flags.maxAge !== undefined && { maxAgeSeconds: wholeSeconds(flags.maxAge) }),
  });
  if (flags.json) shell.out(JSON.stringify(result, jsonBytes, 2));
  else if (flags.data && result.verified) shell.out(dataOf(result, body));
  else for (const line of tellVerdict(result)) shell.out(line);
  return result.verified ? EXIT.ok : EXIT.mistakes;
}

async function readKeys({ jwks, cert }: VerifyFlags, shell: Shell): Promise<TrustedKeys> {
  if ((jwks === undefined) === (cert === undefined)) {
    throw new CommandError('Say whose signature you trust: either --jwks FILE or --cert FILE');
  }
  if (jwks !== undefined) return (await readJsonInput(jwks, shell)) as PublicKeySet;
  return { certificate: new TextDecoder().decode(await readInput(cert ?? '', shell)) };
}

async function readExpectations(flags: VerifyFlags, shell: Shell): Promise<NonNullable<VerifyOptions['expected']>> {
  const { issuer, service, transaction, nonce } = flags;
  const onFile =
    flags.request === undefined ? undefined : await readRequestOnFile(await readInput(flags.request, shell));
  const audience = flags.audience ?? onFile?.audience;
  const given = { issuer, audience, service, transaction, nonce, request: onFile?.request };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function wholeSeconds(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CommandError('--max-age takes whole seconds');
}

/** A body that is not JSON is shown as base64; one beside the envelope, whose digest holds, as it stands. */
function dataOf({ data, bytes }: Pick<Verified, 'data' | 'bytes'>, beside: Uint8Array | undefined): string {
  if (bytes !== undefined) return Buffer.from(bytes).toString('base64');
  return data === undefined ? new TextDecoder().decode(beside) : JSON.stringify(data, null, 2);
}

function jsonBytes(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
