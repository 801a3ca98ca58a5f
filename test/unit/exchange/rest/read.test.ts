import { describe, expect, it } from 'vitest';
import { hear as hearAt } from '../../../../src/exchange/rest/read.ts';
import { splitServiceUrl } from '../../../../src/exchange/rest/service-url.ts';
import type { Caller } from '../../../../src/model/exchange.ts';

const CLIENT = 'CAMBODIA/GOV/0002/tax';
const HEADERS = { 'X-Road-Client': CLIENT, 'X-Road-Request-Id': 'c5f9bf61-9b3c-4a6b-9d1e-5a4e8d7b1f00' };
const OPTIONS = { pathSecret: false, requestBytes: 100 };

const hear = (request: Request, caller: Caller, { pathSecret, requestBytes }: typeof OPTIONS) =>
  hearAt(request, splitServiceUrl(request.url, pathSecret), caller, requestBytes);

function call(url: string, init: RequestInit = {}, headers: Record<string, string> = {}): Request {
  return new Request(url, { ...init, headers: { ...HEADERS, ...headers } });
}

/** A request whose URL is given byte by byte, as workerd gives it; Node's own Request would normalise it. */
function rawCall(url: string): Request {
  return Object.create(call('https://host/'), {
    url: { value: url },
    headers: { value: new Headers(HEADERS) },
    method: { value: 'GET' },
  });
}

function post(body: BodyInit | null, headers: Record<string, string> = {}, method = 'POST'): Request {
  return call('https://host/registry/x', { method, body, duplex: 'half' } as RequestInit, headers);
}

function stream(chunks: readonly number[], onPull: () => void = () => {}): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream(
    {
      pull(controller) {
        onPull();
        const size = left.shift();
        if (size === undefined) controller.close();
        else controller.enqueue(new Uint8Array(size));
      },
    },
    { highWaterMark: 0 },
  );
}

describe('hear(): the URL', () => {
  it.each([
    ['https://host/registry', 'registry', '', ''],
    ['https://host/registry/', 'registry', '/', ''],
    ['https://host/registry/companies/1?x=1&y=%20', 'registry', '/companies/1', '?x=1&y=%20'],
    ['https://host/registry?x=1', 'registry', '', '?x=1'],
    ['https://host:8443/registry/a?b?c', 'registry', '/a', '?b?c'],
    ['https://host/registry/a?b#c', 'registry', '/a', '?b'],
    ['https://host', '', '', ''],
    ['https://host/', '', '', ''],
  ])('takes %s apart', async (url, adapter, path, query) => {
    expect(await hear(rawCall(url), {}, OPTIONS)).toMatchObject({ adapter, path, query });
  });

  it.each(['/a%2Fb', '/a%2fb', '/%2e%2e/x', '/../x', '/a//b', '/%E1%9E%80', '/a;b=c', '/a+b', '/a%'])(
    'keeps the path %s as it came',
    async (path) => {
      expect((await hear(rawCall(`https://host/registry${path}`), {}, OPTIONS)).path).toBe(path);
    },
  );

  it('keeps the query as it came', async () => {
    const query = '?b=2&a=1&a=%2B+&c&=&d=%E1%9E%80';
    expect((await hear(rawCall(`https://host/registry/x${query}`), {}, OPTIONS)).query).toBe(query);
  });

  it('hands the secret segment to the caller, and the adapter is the next one', async () => {
    const heard = await hear(
      rawCall('https://host/s3cret/registry/x'),
      { address: '10.0.0.1' },
      { ...OPTIONS, pathSecret: true },
    );
    expect(heard).toMatchObject({
      adapter: 'registry',
      path: '/x',
      caller: { address: '10.0.0.1', pathSecret: 's3cret' },
    });
  });

  it('takes no secret from the path where none is demanded', async () => {
    expect((await hear(rawCall('https://host/registry/x'), {}, OPTIONS)).caller).toEqual({});
  });
});

describe('hear(): headers', () => {
  it('keeps the client byte for byte beside its decoded parts', async () => {
    const heard = await hear(call('https://host/r', {}, { 'X-Road-Client': 'I/C/A%2FB/%E1%9E%80_1' }), {}, OPTIONS);
    expect(heard.client).toBe('I/C/A%2FB/%E1%9E%80_1');
    expect(heard.clientParts).toEqual(['I', 'C', 'A/B', 'ក_1']);
  });

  it('reads every header of the exchange', async () => {
    const headers = {
      'x-road-id': 'CAMBODIA-1',
      'x-road-userid': 'KH123',
      'x-road-issue': 'case 7',
      'x-road-represented-party': 'GOV/0003',
      'x-road-security-server': 'I/C/M/ss1',
      accept: 'application/jose+json, */*;q=0.1',
      'X-Evidence-Nonce': 'n-0S6_WzA2Mj',
    };
    expect(await hear(call('https://host/r', {}, headers), {}, OPTIONS)).toMatchObject({
      transactionId: HEADERS['X-Road-Request-Id'],
      messageId: 'CAMBODIA-1',
      userId: 'KH123',
      issue: 'case 7',
      representedParty: 'GOV/0003',
      accept: headers.accept,
      nonce: 'n-0S6_WzA2Mj',
    });
  });

  it('takes values up to their limits', async () => {
    const headers = {
      'X-Road-Request-Id': 'r'.repeat(255),
      'X-Road-Issue': 'i'.repeat(4096),
      'X-Evidence-Nonce': 'n'.repeat(128),
      'Idempotency-Key': 'k'.repeat(255),
      'X-Evidence-JWS': 's'.repeat(4096),
      'If-Match': '"a"',
      'If-None-Match': '"b"',
    };
    expect(await hear(call('https://host/r', {}, headers), {}, OPTIONS)).toMatchObject({
      transactionId: headers['X-Road-Request-Id'],
      issue: headers['X-Road-Issue'],
      nonce: headers['X-Evidence-Nonce'],
      idempotencyKey: headers['Idempotency-Key'],
      signature: headers['X-Evidence-JWS'],
      ifMatch: '"a"',
      ifNoneMatch: '"b"',
    });
  });

  it('leaves out what was not sent or sent empty', async () => {
    const heard = await hear(
      call('https://host/r', {}, { 'x-road-userid': '', 'x-road-represented-party': '' }),
      {},
      OPTIONS,
    );
    expect(Object.keys(heard).sort()).toEqual(
      ['adapter', 'body', 'caller', 'client', 'clientParts', 'method', 'path', 'query', 'transactionId'].sort(),
    );
  });

  it('refuses a call without a client', async () => {
    const request = new Request('https://host/r', { headers: { 'X-Road-Request-Id': '1' } });
    await expect(hear(request, {}, OPTIONS)).rejects.toMatchObject({ code: 'client-missing', status: 400 });
  });

  it('refuses a call that did not pass a security server, and says what is missing', async () => {
    const request = new Request('https://host/r', { headers: { 'X-Road-Client': CLIENT } });
    await expect(hear(request, {}, OPTIONS)).rejects.toMatchObject({
      code: 'header-malformed',
      detail: 'The header X-Road-Request-Id is missing: a security server always sends it',
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['an empty client', { 'X-Road-Client': '' }, 'X-Road-Client'],
    ['a client of two parts', { 'X-Road-Client': 'I/C' }, 'X-Road-Client'],
    ['a client that is not encoded', { 'X-Road-Client': 'I/C/M M/S' }, 'X-Road-Client'],
    ['two clients', { 'X-Road-Client': `${CLIENT}, ${CLIENT}` }, 'X-Road-Client'],
    ['a comma in any X-Road header', { 'X-Road-Issue': 'a,b' }, 'X-Road-Issue'],
    ['a comma in an unknown X-Road header', { 'X-Road-Whatever': 'a, b' }, 'X-Road-Whatever'],
    ['bytes beyond ASCII', { 'X-Road-UserId': 'é' }, 'X-Road-Userid'],
    ['a tab', { 'X-Road-Id': 'a\tb' }, 'X-Road-Id'],
    ['a value over the limit', { 'X-Road-Issue': 'x'.repeat(4097) }, 'X-Road-Issue'],
    ['a represented party of three parts', { 'X-Road-Represented-Party': 'a/b/c' }, 'X-Road-Represented-Party'],
    ['a security server of three parts', { 'X-Road-Security-Server': 'a/b/c' }, 'X-Road-Security-Server'],
    ['a request id with a space', { 'X-Road-Request-Id': 'a b' }, 'X-Road-Request-Id'],
    ['a long nonce', { 'X-Evidence-Nonce': 'n'.repeat(129) }, 'X-Evidence-Nonce'],
    ['two nonces', { 'X-Evidence-Nonce': 'a, b' }, 'X-Evidence-Nonce'],
    ['an empty nonce', { 'X-Evidence-Nonce': '' }, 'X-Evidence-Nonce'],
    ['a long idempotency key', { 'Idempotency-Key': 'k'.repeat(256) }, 'Idempotency-Key'],
    ['an empty idempotency key', { 'Idempotency-Key': '' }, 'Idempotency-Key'],
    ['an idempotency key beyond ASCII', { 'Idempotency-Key': 'é' }, 'Idempotency-Key'],
    ['a long signature', { 'X-Evidence-JWS': 's'.repeat(4097) }, 'X-Evidence-JWS'],
    ['a long request id', { 'X-Road-Request-Id': 'r'.repeat(256) }, 'X-Road-Request-Id'],
  ])('refuses %s and names the header', async (_, headers, name) => {
    await expect(hear(call('https://host/r', {}, headers), {}, OPTIONS)).rejects.toMatchObject({
      code: 'header-malformed',
      status: 400,
      detail: expect.stringContaining(`The header ${name} `),
    });
  });

  it('refuses two headers that the runtime has joined', async () => {
    const headers = new Headers(HEADERS);
    headers.append('X-Road-Client', 'I/C/M/other');
    await expect(hear(new Request('https://host/r', { headers }), {}, OPTIONS)).rejects.toMatchObject({
      code: 'header-malformed',
    });
  });

  it('does not look at cookies, which security servers share among consumers', async () => {
    const heard = await hear(call('https://host/r', {}, { cookie: 'session=1' }), {}, OPTIONS);
    expect(JSON.stringify(heard)).not.toContain('session');
  });
});

describe('hear(): the body', () => {
  it.each(['POST', 'PUT', 'PATCH'])('reads the body of %s', async (method) => {
    const heard = await hear(post('{"a":1}', {}, method), {}, OPTIONS);
    expect(new TextDecoder().decode(heard.body)).toBe('{"a":1}');
  });

  it('ignores a body of DELETE, which a security server would have dropped', async () => {
    expect((await hear(post('{"a":1}', {}, 'DELETE'), {}, OPTIONS)).body).toHaveLength(0);
  });

  it('takes a POST without a body', async () => {
    expect((await hear(post(null, { 'content-length': '0' }), {}, OPTIONS)).body).toHaveLength(0);
  });

  it('takes exactly the limit and joins chunks in order', async () => {
    expect((await hear(post(stream([60, 40])), {}, OPTIONS)).body).toHaveLength(100);
  });

  it('refuses one byte more', async () => {
    await expect(hear(post(stream([60, 41])), {}, OPTIONS)).rejects.toMatchObject({ code: 'body-too-large' });
  });

  it('tells the sender of too much to stop', async () => {
    let cancelled = false;
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(101)),
      cancel() {
        cancelled = true;
      },
    });
    await expect(hear(post(body), {}, OPTIONS)).rejects.toMatchObject({ code: 'body-too-large' });
    expect(cancelled).toBe(true);
  });

  it('refuses an endless body without reading on', async () => {
    let pulls = 0;
    const endless = stream(Array(1000).fill(60), () => {
      pulls += 1;
    });
    await expect(hear(post(endless), {}, OPTIONS)).rejects.toMatchObject({ code: 'body-too-large', status: 413 });
    expect(pulls).toBeLessThanOrEqual(3);
  });

  it('refuses by Content-Length before it reads anything', async () => {
    let pulls = 0;
    const body = stream([1], () => {
      pulls += 1;
    });
    const refused = hear(post(body, { 'content-length': '101' }), {}, OPTIONS);
    await expect(refused).rejects.toMatchObject({ code: 'body-too-large' });
    expect(pulls).toBe(0);
  });

  it.each([
    ['more than', '5'],
    ['less than', '90'],
  ])('refuses a body of %s what Content-Length says', async (_, length) => {
    await expect(hear(post(stream([60]), { 'content-length': length }), {}, OPTIONS)).rejects.toMatchObject({
      code: 'body-malformed',
    });
  });

  it('refuses a body over the limit whatever Content-Length says', async () => {
    await expect(hear(post(stream([60, 60]), { 'content-length': '5' }), {}, OPTIONS)).rejects.toMatchObject({
      code: 'body-too-large',
    });
  });

  it('refuses a body that breaks off', async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error('connection reset by 10.1.2.3'));
      },
    });
    await expect(hear(post(broken), {}, OPTIONS)).rejects.toMatchObject({
      code: 'body-malformed',
      detail: 'The request body broke off',
    });
  });

  it('refuses a compressed body and says by Accept-Encoding what it takes', async () => {
    await expect(hear(post('x', { 'content-encoding': 'gzip' }), {}, OPTIONS)).rejects.toMatchObject({
      code: 'media-type-unsupported',
      status: 415,
      headers: { 'Accept-Encoding': 'identity' },
    });
    expect((await hear(post('x', { 'content-encoding': 'identity' }), {}, OPTIONS)).body).toHaveLength(1);
  });
});
