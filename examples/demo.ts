/**
 * The demonstration: starts everything on free ports, makes real calls through the security-server simulator and
 * explains each. Exits 0 when all is as it should be, 1 with the reasons otherwise. With `--stay` it then keeps
 * running, with `curl` lines, until Ctrl-C.
 */
import { styleText } from 'node:util';
import { verifyEnvelope } from '../src/envelope/verify.ts';
import type { JsonObject } from '../src/model/json.ts';
import { DEMO_CALLS, type DemoCall } from './calls.ts';
import type { LegacyExchange } from './legacy/server.ts';
import { CLIENT, PROVIDER, type Stack, startStack } from './stack.ts';

const SHOWN_CHARACTERS = 600;
const say = (line = ''): void => console.log(line);
const label = (text: string): string => styleText('dim', text.padEnd(20));

function shown(text: string): string {
  const cut = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return cut.trimEnd().replace(/\r?\n/g, `\n${' '.repeat(20)}`);
}

function curlLine(stack: Stack, call: DemoCall): string {
  const parts = [
    'curl -s',
    call.method === 'GET' ? '' : `-X ${call.method}`,
    `-H 'X-Road-Client: ${CLIENT}'`,
    call.accept === undefined ? '' : `-H 'Accept: ${call.accept}'`,
    call.body === undefined ? '' : `-H 'Content-Type: application/json' -d '${JSON.stringify(call.body)}'`,
    `'${stack.consumerUrl(call.adapter, call.path)}'`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Makes one call, tells about it, and returns what is not as it should be. */
async function demonstrate(stack: Stack, call: DemoCall, number: number): Promise<string[]> {
  const legacy = call.adapter === 'business-registry' ? stack.registry : stack.taxOffice;
  const before = legacy.received.length;
  const response = await fetch(stack.consumerUrl(call.adapter, call.path), {
    method: call.method,
    headers: {
      'X-Road-Client': CLIENT,
      ...(call.accept === undefined ? {} : { Accept: call.accept }),
      ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
  const body = Buffer.from(await response.arrayBuffer());
  say();
  say(styleText('bold', `${number}. ${call.title}`));
  say(
    label('consumer asked') +
      `${call.method} ${call.path}${call.body === undefined ? '' : ` ${JSON.stringify(call.body)}`}`,
  );
  tellLegacy(legacy.received.slice(before));
  say(`${label('consumer received')}${response.status} ${response.headers.get('content-type')}`);
  say(label('') + shown(body.toString()));
  const wrong = response.status === call.status ? [] : [`expected status ${call.status}, got ${response.status}`];
  return [...wrong, ...(await checkEnvelope(stack, call, response, body))];
}

function tellLegacy(exchanges: readonly LegacyExchange[]): void {
  if (exchanges.length === 0) say(`${label('legacy system')}was not called`);
  for (const { method, path, body, reply } of exchanges) {
    say(`${label('legacy was sent')}${method} ${path}`);
    if (body !== '') say(label('') + shown(withoutCredentials(body)));
    say(`${label('legacy answered')}${reply.status} ${reply.contentType}`);
    say(label('') + shown(reply.body));
  }
}

/** The WS-Security header holds the password. */
function withoutCredentials(body: string): string {
  return body.replace(/<soap:Header>.*<\/soap:Header>/s, '<soap:Header>…</soap:Header>');
}

async function checkEnvelope(stack: Stack, call: DemoCall, response: Response, body: Buffer): Promise<string[]> {
  const jwks = (await (
    await fetch(stack.consumerUrl(call.adapter, '/.well-known/jwks.json'), { headers: { 'X-Road-Client': CLIENT } })
  ).json()) as { keys: JsonObject[] };
  const header = response.headers.get('x-evidence-jws');
  const verify = (bytes: Buffer) =>
    verifyEnvelope(header ?? bytes, {
      keys: jwks as Parameters<typeof verifyEnvelope>[1]['keys'],
      ...(header === null ? {} : { body: bytes }),
      expected: {
        issuer: PROVIDER,
        audience: CLIENT,
        service: `${PROVIDER}/${call.adapter}`,
        transaction: response.headers.get('x-road-request-id') ?? '',
        request: { method: call.method, target: call.path },
        status: response.status,
      },
      now: Date.now(),
      maxAgeSeconds: 60,
    });
  const genuine = await verify(body);
  const changed = await verify(withOneByteChanged(body));
  const problems: string[] = [];
  if (genuine.verified) {
    const { statement } = genuine;
    say(
      `${label('envelope')}${styleText('green', '✓ verifies')}: ${statement.iss} answered ${statement.aud}, transaction ${statement.txn}`,
    );
    const data = (genuine.data ?? JSON.parse(body.toString())) as JsonObject;
    const complaint = call.check?.(data);
    if (complaint !== undefined) problems.push(complaint);
  } else problems.push(`the envelope does not verify: ${genuine.reason}, ${genuine.detail}`);
  if (changed.verified) problems.push('a copy with one byte changed verifies');
  else say(`${label('')}${styleText('green', '✓')} a copy with one byte changed does not: ${changed.reason}`);
  return problems;
}

/** Changes a letter or digit in the middle into another one. */
function withOneByteChanged(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  const at = copy.findIndex((byte, index) => index >= copy.length / 2 && /[a-zA-Z0-9]/.test(String.fromCharCode(byte)));
  copy[at] = copy[at] === 0x61 ? 0x62 : 0x61;
  return copy;
}

async function main(): Promise<void> {
  const stay = process.argv.includes('--stay');
  say('Starting two legacy stand-ins, the adapter in workerd, and a security-server simulator …');
  const stack = await startStack();
  const failures: string[] = [];
  try {
    for (const [index, call] of DEMO_CALLS.entries()) {
      const wrong = await demonstrate(stack, call, index + 1);
      for (const reason of wrong) say(`${label('')}${styleText('red', `✗ ${reason}`)}`);
      failures.push(...wrong.map((reason) => `${index + 1}. ${reason}`));
    }
    say();
    if (failures.length === 0) say(styleText('green', `All ${DEMO_CALLS.length} calls are as they should be.`));
    else say(styleText('red', `Not as it should be:\n${failures.join('\n')}`));
    if (stay && failures.length === 0) await stayUp(stack);
  } finally {
    await stack.close();
  }
  process.exitCode = failures.length === 0 ? 0 : 1;
}

async function stayUp(stack: Stack): Promise<void> {
  say('\nEverything stays up until Ctrl-C. To paste:\n');
  for (const index of [0, 1, 8]) {
    const call = DEMO_CALLS[index];
    if (call !== undefined) say(curlLine(stack, call));
  }
  say(`curl -s -H 'X-Road-Client: ${CLIENT}' '${stack.consumerUrl('tax-payments', '/openapi.json')}'`);
  await new Promise<void>((resolve) => {
    // Not once: a second signal, which a terminal and npm may both send, would cut the stopping short.
    process.on('SIGINT', resolve);
    process.on('SIGTERM', resolve);
  });
}

await main();
