import { describe, expect, it } from 'vitest';
import { permit } from '../../../src/access/permit.ts';
import { parseAllowList } from '../../../src/model/allow-list.ts';
import type { AllowList } from '../../../src/model/definition.ts';
import type { AdmittedRequest } from '../../../src/model/exchange.ts';
import { parseIdentifier } from '../../../src/model/identifiers.ts';

function permits(client: string, allow: AllowList, representedParty?: string): boolean {
  const mistakes: string[] = [];
  const rules = parseAllowList(allow, (place, message) => mistakes.push(`${place}: ${message}`));
  expect(mistakes).toEqual([]);
  const request = {
    client,
    clientParts: parseIdentifier('client', client),
    ...(representedParty && { representedParty }),
  };
  try {
    permit(request as AdmittedRequest, rules);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'client-refused', status: 403, owner: 'caller' });
    return false;
  }
}

const TAX = 'CAMBODIA/GOV/0002/tax';

describe('permit()', () => {
  it.each<[string, string, AllowList, boolean]>([
    ['everyone where there is no list', TAX, {}, true],
    ['nobody where the list is empty', TAX, { clients: [] }, false],
    ['the subsystem named', TAX, { clients: [TAX] }, true],
    ['another subsystem of the member', TAX, { clients: ['CAMBODIA/GOV/0002/other'] }, false],
    ['a subsystem of a member named', TAX, { clients: ['CAMBODIA/GOV/0002'] }, true],
    ['a subsystem of a class named', TAX, { clients: ['CAMBODIA/GOV'] }, true],
    ['a subsystem of an instance named', TAX, { clients: ['CAMBODIA'] }, true],
    [
      'a member whose code only begins like one named',
      'CAMBODIA/GOV/00021/tax',
      { clients: ['CAMBODIA/GOV/0002'] },
      false,
    ],
    ['another case', 'CAMBODIA/gov/0002/tax', { clients: ['CAMBODIA/GOV'] }, false],
    ['the member itself where a subsystem is named', 'CAMBODIA/GOV/0002', { clients: [TAX] }, false],
    ['the same client in another encoding', 'CAMBODIA/GOV/0002/t%61x', { clients: [TAX] }, true],
    ['a slash inside a part as what it is', 'CAMBODIA/GOV/00%2F02/tax', { clients: ['CAMBODIA/GOV/00'] }, false],
    ['one of several', TAX, { clients: ['CAMBODIA/COM', 'CAMBODIA/GOV/0002'] }, true],
  ])('decides on %s', (_, client, allow, expected) => {
    expect(permits(client, allow)).toBe(expected);
  });

  it.each<[string, string | undefined, AllowList, boolean]>([
    ['a party named', 'COM/0042', { representedParties: ['COM/0042', '77'] }, true],
    ['a party without class', '77', { representedParties: ['COM/0042', '77'] }, true],
    ['another party', 'COM/0043', { representedParties: ['COM/0042'] }, false],
    ['no party', undefined, { representedParties: ['COM/0042'] }, false],
    ['a party and the wrong client', 'COM/0042', { representedParties: ['COM/0042'], clients: ['EE'] }, false],
  ])('decides on %s', (_, party, allow, expected) => {
    expect(permits(TAX, allow, party)).toBe(expected);
  });

  it('says whether a party is missing or may not be acted for', () => {
    const rules = parseAllowList({ representedParties: ['COM/0042'] }, () => undefined);
    const request = { client: TAX, clientParts: parseIdentifier('client', TAX) } as AdmittedRequest;
    expect(() => permit(request, rules)).toThrow('name it in X-Road-Represented-Party');
    expect(() => permit({ ...request, representedParty: 'COM/0043' }, rules)).toThrow('may not be called on behalf of');
  });

  it('is compiled from identifiers that are checked at start', () => {
    const mistakes: string[] = [];
    const list = { clients: ['CAMBODIA/GOV/2/tax/extra', 'a//b'], representedParties: ['a/b/c'] };
    parseAllowList(list, (place) => mistakes.push(place));
    expect(mistakes).toEqual(['clients.0', 'clients.1', 'representedParties.0']);
  });
});
