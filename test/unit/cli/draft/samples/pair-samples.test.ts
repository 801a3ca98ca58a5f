import { expect, test } from 'vitest';
import { pairSamples } from '../../../../../src/cli/draft/samples/pair-samples.ts';

function files(...locations: string[]) {
  return locations.map((location) => ({ location, bytes: new TextEncoder().encode(location) }));
}

function pairs(...locations: string[]): [request: string | undefined, answer: string][] {
  const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
  return pairSamples(files(...locations)).map(({ request, response, name }) => [text(request), text(response) ?? name]);
}

test.each([
  ['find.request.xml', 'find.response.xml'],
  ['GetCompanyRequest.xml', 'GetCompanyResponse.xml'],
  ['case/sent.xml', 'case/reply.xml'],
  ['request2.xml', 'response2.xml'],
  ['answer-to-request/req_7.xml', 'answer-to-request/resp_7.txt'],
])('%s and %s are a pair, in any order', (request, answer) => {
  expect(pairs(request, answer)).toEqual([[request, answer]]);
  expect(pairs(answer, request)).toEqual([[request, answer]]);
});

test('names that say nothing are answers, and folders keep pairs apart', () => {
  expect(pairs('rates.xml', 'a/request.xml', 'a/response.xml', 'b/response.xml', 'presented.xml')).toEqual([
    [undefined, 'rates.xml'],
    ['a/request.xml', 'a/response.xml'],
    [undefined, 'b/response.xml'],
    [undefined, 'presented.xml'],
  ]);
});

test('a request without its answer is refused by name', () => {
  expect(() => pairSamples(files('find.request.xml', 'other.response.xml'))).toThrow(
    'find.request.xml is named as a request, and no answer is named like it',
  );
});
