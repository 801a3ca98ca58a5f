import type { Evidence } from '../../src/model/evidence.ts';

export const EMPTY_DIGEST = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';

/** Evidence of a plain GET with one legacy call. */
export const EVIDENCE: Evidence = {
  issuer: 'CAMBODIA/GOV/0001/population',
  audience: 'CAMBODIA/GOV/0002/tax%20office',
  service: 'CAMBODIA/GOV/0001/population/persons',
  transactionId: '5f0c2d7e-9f5e-4a7b-8a51-3c2d6b9f0e11',
  request: { id: 'call-1', method: 'GET', target: '/persons/010203040?view=full', digest: EMPTY_DIGEST },
  sources: [
    { system: 'popdb', operation: 'GetPerson', at: 1_795_425_999, status: 200, length: 0, digest: EMPTY_DIGEST },
  ],
  mapping: { id: 'getPerson', revision: '12', digest: EMPTY_DIGEST },
  adapterVersion: '0.1.0',
};
