import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app.ts';
import { spean, temporaryFolder } from '../../support/cli-shell.ts';
import { CLIENT, exchangeHeaders, PROVIDER, testApp } from '../../support/test-app.ts';

const REPLY = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
  <r:FindCompaniesResponse xmlns:r="http://registry.example.gov.kh/ws"><r:Companies><r:Company>
    <r:RegNo>00012345</r:RegNo><r:NameKh>ក្រុមហ៊ុន</r:NameKh></r:Company></r:Companies></r:FindCompaniesResponse>
</s:Body></s:Envelope>`;

let app: App;
let folder: string;
const save = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const verify = (...args: string[]) => spean(['verify', ...args], { folder });

/** An answer as `curl -i` saves it. */
async function saveAnswer(name: string, accept: string): Promise<string> {
  const headers = exchangeHeaders({ accept });
  const response = await app.request('http://spean.test/business-registry/companies?name=ABC', { headers });
  const lines = [...response.headers].map(([header, value]) => `${header}: ${value}\r\n`);
  const transaction = `x-road-request-id: ${headers['x-road-request-id']}\r\n`;
  const body = await response.text();
  save(name, `HTTP/1.1 ${response.status} OK\r\n${lines.join('')}${transaction}\r\n${body}`);
  return body;
}

beforeAll(async () => {
  folder = temporaryFolder();
  ({ app } = await testApp({
    legacy: () => new Response(REPLY, { headers: { 'content-type': 'text/xml; charset=utf-8' } }),
  }));
  const jwks = await app.request('http://spean.test/business-registry/.well-known/jwks.json');
  save('jwks.json', await jwks.text());
  save('envelope.jws', `${await saveAnswer('flattened.http', 'application/jose+json')}\n`);
  save('plain.json', await saveAnswer('plain.http', 'application/json'));
  save(
    'request.http',
    `GET /r1/${PROVIDER}/business-registry/companies?name=ABC HTTP/1.1\nX-Road-Client: ${CLIENT}\n\n`,
  );
});

describe('spean verify', () => {
  it('tells who said what to whom, and every check', async () => {
    const { code, out } = await verify('plain.http', '--jwks', 'jwks.json', '--request', 'request.http');
    expect(code).toBe(0);
    expect(out).toMatch(/^VERIFIED/);
    expect(out).toContain(`who           ${PROVIDER}`);
    expect(out).toContain(`to whom       ${CLIENT}`);
    expect(out).toContain('request       GET /companies?name=ABC');
    expect(out).toContain('answer        status 200, application/json');
    expect(out).toMatch(/made from {5}business-registry .* status 200, \d+ bytes, sha-256=:/);
    for (const check of ['signature', 'audience', 'transaction', 'request', 'status', 'body']) {
      expect(out).toContain(`✓ ${check}`);
    }
    expect(out).toContain('– issuer: not asked (--issuer)');
    expect(out).not.toContain('ក្រុមហ៊ុន');
  });

  it('takes the envelope alone, with the body in it or beside it', async () => {
    expect(await verify('envelope.jws', '--jwks', 'jwks.json')).toMatchObject({ code: 0 });
    expect(await verify('flattened.http', '--jwks', 'jwks.json')).toMatchObject({ code: 0 });
    const { out } = await verify('plain.http', '--jwks', 'jwks.json', '--json');
    expect(JSON.parse(out)).toMatchObject({ verified: true, statement: { iss: PROVIDER, res: { status: 200 } } });
  });

  it('prints the body that was signed, and nothing else, on demand', async () => {
    const { out } = await verify('envelope.jws', '--jwks', 'jwks.json', '--data');
    expect(JSON.parse(out).companies[0].registrationNumber).toBe('00012345');
    const beside = await verify('plain.http', '--jwks', 'jwks.json', '--data');
    expect(beside).toMatchObject({ code: 0, out: readFileSync(join(folder, 'plain.json'), 'utf8') });
  });

  it('compares a call of the service itself, with nothing behind its id', async () => {
    const answer = await app.request('http://spean.test/business-registry', { headers: exchangeHeaders() });
    const envelope = `x-evidence-jws: ${answer.headers.get('x-evidence-jws')}\r\n`;
    save('root.http', `HTTP/1.1 404 Not Found\r\n${envelope}\r\n${await answer.text()}`);
    save('root-request.http', `GET /r1/${PROVIDER}/business-registry HTTP/1.1\n\n`);
    const { out } = await verify('root.http', '--jwks', 'jwks.json', '--request', 'root-request.http');
    expect(out).toContain('✓ request');
  });

  it.each([
    ['another body', ['plain.http', '--body', 'jwks.json'], 'body-mismatch'],
    ['a body beside an envelope that holds one', ['envelope.jws', '--body', 'plain.json'], 'carriage-mixed'],
    ['another issuer', ['envelope.jws', '--issuer', 'CAMBODIA/GOV/0002/other'], 'issuer-mismatch'],
    ['another client', ['envelope.jws', '--audience', 'CAMBODIA/COM/1/OTHER'], 'audience-mismatch'],
    ['another transaction', ['envelope.jws', '--transaction', 'x'], 'transaction-mismatch'],
  ])('exits with 1 and the reason for %s', async (_, args, reason) => {
    const { code, out } = await verify(...args, '--jwks', 'jwks.json');
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^REFUSED {2}${reason}: `));
    expect(out).toMatch(/✗ \w+/);
  });

  it('refuses an answer from which the envelope was stripped', async () => {
    save('bare.http', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}');
    expect((await verify('bare.http', '--jwks', 'jwks.json')).out).toMatch(/^REFUSED {2}envelope-missing/);
  });

  it('does not judge an old statement by its age unless asked to', async () => {
    const inTenYears = { folder, now: () => Date.now() + 10 * 365 * 86_400_000 };
    const args = ['verify', 'envelope.jws', '--jwks', 'jwks.json'];
    expect(await spean(args, inTenYears)).toMatchObject({ code: 0 });
    expect((await spean([...args, '--max-age', '300'], inTenYears)).out).toMatch(/^REFUSED {2}too-old/);
  });

  it.each([
    [['envelope.jws'], 'Say whose signature you trust: either --jwks FILE or --cert FILE'],
    [['envelope.jws', '--jwks', 'jwks.json', '--cert', 'x'], 'Say whose signature you trust'],
    [['nowhere', '--jwks', 'jwks.json'], 'nowhere cannot be read: ENOENT'],
    [['envelope.jws', '--jwks', 'request.http'], 'request.http is not a JSON object'],
    [['envelope.jws', '--jwks', 'jwks.json', '--request', 'plain.json'], 'does not begin with a request line'],
    [['envelope.jws', '--jwks', 'jwks.json', '--max-age', 'soon'], '--max-age takes whole seconds'],
  ])('exits with 2 where it cannot begin: %s', async (args, words) => {
    const { code, notes } = await verify(...args);
    expect(code).toBe(2);
    expect(notes).toContain(words);
  });
});
