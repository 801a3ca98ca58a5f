import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriageOfRefusal, chooseCarriage, type EnvelopeMode } from '../../../src/envelope/carriage.ts';
import { SpeanError } from '../../../src/model/errors.ts';

const FLATTENED = 'application/jose+json';
const COMPACT = 'application/jose';
const EVIDENCE = 'application/xroad-evidence+jwt';

/** The media type of an envelope in the body, else the form. */
function chosen(accept: string | undefined, mode?: EnvelopeMode): string {
  const carriage = chooseCarriage(accept, mode);
  return 'mediaType' in carriage ? carriage.mediaType : carriage.form;
}

describe('chooseCarriage()', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'header'],
    ['', 'header'],
    ['application/json', 'header'],
    ['*/*', 'header'],
    ['application/*', 'header'],
    ['Application/JSON', 'header'],
    ['application/json; charset=utf-8', 'header'],
    ['application/jose+json', FLATTENED],
    ['APPLICATION/JOSE+JSON', FLATTENED],
    ['application/jose', COMPACT],
    ['application/xroad-evidence+jwt', EVIDENCE],
    ['application/json, application/jose+json', FLATTENED],
    ['application/jose+json;q=0.9, application/json', 'header'],
    ['application/json;q=0.9, application/jose+json', FLATTENED],
    ['application/jose+json, */*;q=0.1', FLATTENED],
    ['application/jose+json, */*', FLATTENED],
    ['application/json;q=0, */*', FLATTENED],
    ['application/json;q=0, application/*;q=0.5, application/jose+json;q=0.1', COMPACT],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', 'header'],
    ['text/plain;note="a, application/jose", application/json', 'header'],
    ['text/plain;note="\\", application/jose", application/json', 'header'],
    ['text/plain;note="a, application/jose, b", application/json', 'header'],
    ['application/json;note="a, application/jose', 'header'],
    ['application/json;note="";q=0, application/jose;q=0.1', COMPACT],
    ['application/json;xq=0, application/jose;q=0.1', 'header'],
    ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', 'header'],
    ['text/html, *; q=.2', 'header'],
    ['application/json;q=1.0, application/jose;q=0.9', 'header'],
    ['application/jose ; q=1.000 , application/json;q=0.999', COMPACT],
    ['application/json;q=2, application/jose', COMPACT],
    [', ,application/jose,', COMPACT],
  ])('answers Accept %s with %s', (accept, expected) => {
    expect(chosen(accept)).toBe(expected);
  });

  it.each<[EnvelopeMode, string | undefined, string]>([
    ['off', undefined, 'plain'],
    ['off', 'application/json', 'plain'],
    ['off', '*/*', 'plain'],
    ['header', 'application/json', 'header'],
    ['header', 'application/jose+json, */*;q=0.1', 'header'],
    ['body', undefined, FLATTENED],
    ['body', '*/*', FLATTENED],
    ['body', 'application/jose', COMPACT],
  ])('in mode %s answers Accept %s with %s', (mode, accept, expected) => {
    expect(chosen(accept, mode)).toBe(expected);
  });

  it.each<[EnvelopeMode, string]>([
    ['negotiate', 'text/html'],
    ['negotiate', 'application/xml, text/*'],
    ['negotiate', '*/*;q=0'],
    ['negotiate', 'application/jose+json;q=0'],
    ['negotiate', 'nonsense'],
    ['negotiate', '*/json'],
    ['negotiate', 'text/json'],
    ['negotiate', 'x/application/json'],
    ['negotiate', 'application/json/x'],
    ['negotiate', ','],
    ['off', 'application/jose+json'],
    ['header', 'application/jose'],
    ['body', 'application/json'],
  ])('in mode %s refuses Accept %s', (mode, accept) => {
    expect(() => chooseCarriage(accept, mode)).toThrow(
      expect.objectContaining({ code: 'not-acceptable', status: 406 }),
    );
  });

  it.each(['1.5', '0.1234', '1.0000', '2', 'x1', '1x', '.', '-1'])(
    'passes over a range of the quality %s',
    (quality) => {
      expect(chosen(`application/json;q=${quality}, application/jose;q=0.9`)).toBe(COMPACT);
      expect(chosen(`application/json;q=${quality}, */*;q=0.9`)).toBe('header');
    },
  );

  it('says how the envelope is written', () => {
    expect(chooseCarriage(FLATTENED)).toEqual({ form: 'flattened', mediaType: FLATTENED });
    expect(chooseCarriage(COMPACT)).toEqual({ form: 'compact', mediaType: COMPACT });
    expect(chooseCarriage(EVIDENCE)).toEqual({ form: 'compact', mediaType: EVIDENCE });
  });

  it('tells what is offered when it refuses', () => {
    expect(() => chooseCarriage('application/json', 'body')).toThrow(
      'None of the media types in Accept is offered: application/jose+json, application/jose, application/xroad-evidence+jwt',
    );
  });

  it('chooses by quality alone, whatever the order of the ranges', () => {
    const types = ['application/json', FLATTENED, COMPACT, EVIDENCE];
    const qualities = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(qualities, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (weights, order) => {
        const accept = order.map((index) => `${types[index]};q=${(weights[index]! / 1000).toFixed(3)}`).join(',');
        const best = types[weights.indexOf(Math.max(...weights))];
        expect(chosen(accept)).toBe(best === 'application/json' ? 'header' : best);
      }),
    );
  });

  it('either chooses or refuses, whatever the header', () => {
    const noise = fc.string({ unit: fc.constantFrom('a', '/', '*', ';', 'q', '=', '0', '.', ',', '"', '\\', ' ') });
    fc.assert(
      fc.property(noise, (accept) => {
        try {
          expect(['header', FLATTENED, COMPACT, EVIDENCE]).toContain(chosen(accept));
        } catch (error) {
          expect(error).toBeInstanceOf(SpeanError);
        }
      }),
    );
  });
});

describe('carriageOfRefusal()', () => {
  it('is beside the body, so that every consumer can read it, and plain where envelopes are off', () => {
    expect(carriageOfRefusal()).toEqual({ form: 'header' });
    expect(carriageOfRefusal('body')).toEqual({ form: 'header' });
    expect(carriageOfRefusal('off')).toEqual({ form: 'plain' });
  });
});
