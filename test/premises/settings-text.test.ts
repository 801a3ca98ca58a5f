import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettingsText } from '../../onpremises/settings-text.ts';

const noFiles = new Map<string, string>();

describe('readSettingsText()', () => {
  it('takes everything behind the first = as it stands, quotes and = included', () => {
    const { values, mistakes } = readSettingsText(
      '# a comment\n\nA=b=c\nB = {"kty":"EC"} # not a comment\r\nC=\n',
      noFiles,
    );
    expect(mistakes).toEqual([]);
    expect([...values]).toEqual([
      ['A', 'b=c'],
      ['B', '{"kty":"EC"} # not a comment'],
      ['C', ''],
    ]);
  });

  it('takes a file for a setting, without the line break that editors put at its end', () => {
    const { values } = readSettingsText(
      '',
      new Map([
        ['SPEAN_TLS_KEY', 'line 1\nline 2\n'],
        ['PASSWORD', 'a\n\n'],
      ]),
    );
    expect([...values]).toEqual([
      ['SPEAN_TLS_KEY', 'line 1\nline 2'],
      ['PASSWORD', 'a\n'],
    ]);
  });

  it('knows the name that systemd gives to a file of the secrets folder', () => {
    expect([...readSettingsText('', new Map([['secrets_SPEAN_TLS_KEY', 'k']])).values.keys()]).toEqual([
      'SPEAN_TLS_KEY',
    ]);
  });

  it('tells every mistake with its place, and no value', () => {
    const { mistakes } = readSettingsText(
      'A=hush\nexport B=hush\nhush\nA=hush',
      new Map([
        ['A', 'hush'],
        ['key.pem', 'hush'],
      ]),
    );
    expect(mistakes).toHaveLength(5);
    expect(mistakes.slice(0, 3).map((mistake) => mistake.slice(0, 19))).toEqual([
      'settings.env line 2',
      'settings.env line 3',
      'settings.env line 4',
    ]);
    expect(mistakes.join('\n')).not.toContain('hush');
  });

  it('refuses a value in quotes, which other tools take off; a file may hold it', () => {
    const { mistakes } = readSettingsText('A="hush"\nB=\'hush\'\nC="hush', new Map([['D', '"hush"']]));
    expect(mistakes.map((mistake) => mistake.slice(0, 47))).toEqual([
      'settings.env line 1 has its value in quotes, wh',
      'settings.env line 2 has its value in quotes, wh',
    ]);
  });

  it('gives back whatever one line can hold', () => {
    const value = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '').trim());
    fc.assert(
      fc.property(value, (text) => {
        expect(readSettingsText(`NAME=${text}`, noFiles).values.get('NAME')).toBe(text);
      }),
    );
  });
});
