import { describe, expect, it } from 'vitest';
import outgoing from '../../onpremises/outgoing.ts';

const server = (name: string) => ({ fetch: async (request: Request) => new Response(`${name} ${request.url}`) });
const environment = {
  ORIGINS: { 'https://registry.example:8443': 'server-1', 'http://tax.example': 'server-2' },
  'server-1': server('registry'),
  'server-2': server('tax'),
} as unknown as Parameters<typeof outgoing.fetch>[1];

async function ask(url: string): Promise<string> {
  return (await outgoing.fetch(new Request(url), environment)).text();
}

describe('the way out', () => {
  it('leads to the declared server of each origin', async () => {
    expect(await ask('https://registry.example:8443/ws?a=1')).toBe('registry https://registry.example:8443/ws?a=1');
    expect(await ask('http://tax.example:80/x')).toBe('tax http://tax.example/x');
  });

  it.each([
    'https://registry.example/ws',
    'http://registry.example:8443/ws',
    'https://registry.example.evil.example:8443/ws',
    'http://127.0.0.1/',
    'http://constructor/',
  ])('is closed for %s, before any name is looked up', (url) => {
    expect(() => outgoing.fetch(new Request(url), environment)).toThrow('no setting declares this server');
  });
});
