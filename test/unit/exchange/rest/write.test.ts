import { describe, expect, it } from 'vitest';
import { speak, speakOptions, speakProblem } from '../../../../src/exchange/rest/write.ts';
import { SpeanError } from '../../../../src/model/errors.ts';

const BODY = new TextEncoder().encode('{"name":"ស្ពាន"}');

function speakWith(headers: readonly (readonly [string, string])[]): Response {
  return speak({ status: 200, headers, body: BODY }, 'GET');
}

describe('speak()', () => {
  it('answers status, headers and the very bytes', async () => {
    const response = speak({ status: 201, headers: [['Content-Type', 'application/json']], body: BODY }, 'POST');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(BODY);
  });

  it.each([
    'X-Road-Error',
    'X-Road-Service',
    'x-road-request-hash',
    'Set-Cookie',
    'Server',
    'Connection',
    'Keep-Alive',
    'Transfer-Encoding',
    'Upgrade',
    'Content-Length',
    'Content-Encoding',
  ])('never sends %s', (name) => {
    expect(speakWith([[name, '1']]).headers.get(name)).toBeNull();
  });

  it('keeps the headers of the envelope', () => {
    const { headers } = speakWith([
      ['X-Evidence-JWS', 'a.b.c'],
      ['Repr-Digest', 'sha-256=:x:'],
      ['Vary', 'Accept'],
    ]);
    expect([...headers.keys()]).toEqual(
      expect.arrayContaining(['x-evidence-jws', 'repr-digest', 'vary', 'x-content-type-options']),
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    [undefined, 'no-store, no-transform'],
    ['no-store', 'no-store, no-transform'],
    ['no-store, no-transform', 'no-store, no-transform'],
    ['No-Transform', 'No-Transform'],
    ['max-age=60', 'max-age=60, no-transform'],
  ])('tells intermediaries to leave the bytes alone: %s becomes %s', (given, sent) => {
    expect(speakWith(given === undefined ? [] : [['Cache-Control', given]]).headers.get('cache-control')).toBe(sent);
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const answer = { status: 200, headers: [['X-Evidence-JWS', 'a.b.c']] as const, body: BODY };
    const response = speak(answer, 'HEAD');
    expect(response.headers.get('x-evidence-jws')).toBe('a.b.c');
    expect(await response.text()).toBe('');
  });

  it.each([204, 304])('answers %i without a body', async (status) => {
    const response = speak({ status, headers: [], body: BODY }, 'GET');
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('');
  });
});

describe('speakOptions()', () => {
  it('names the methods of the path', async () => {
    const response = speakOptions('GET, HEAD');
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});

describe('speakProblem()', () => {
  it('answers the problem with the headers that its status demands', async () => {
    const error = new SpeanError('method-not-allowed', { headers: { Allow: 'GET' } });
    const response = speakProblem(error, 'POST', 'id-1');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'method-not-allowed', requestId: 'id-1' });
  });

  it.each(['', 'a b', 'x'.repeat(256), 'é'])(
    'does not repeat the request id %j, which nobody has checked',
    async (id) => {
      expect(await speakProblem(new SpeanError('client-missing'), 'GET', id).json()).not.toHaveProperty('requestId');
    },
  );

  it('tells nothing of an error that is not ours', async () => {
    const response = speakProblem(new TypeError('password=hunter2 at /srv/app.ts:1'), 'GET');
    expect(response.status).toBe(500);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ code: 'adapter-failed', owner: 'adapter' });
    expect(body).not.toMatch(/hunter2|TypeError|app\.ts/);
  });
});
