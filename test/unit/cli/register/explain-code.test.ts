import { describe, expect, it } from 'vitest';
import { EXPLAINED, explainError, explainWarning } from '../../../../src/cli/register/explain-code.ts';

/** The codes of the contract, section 7. */
const ERRORS = [
  'url_already_exists',
  'wsdl_exists',
  'service_already_exists',
  'service_code_already_exists',
  'service_code_reserved',
  'invalid_service_url',
  'invalid_https_url',
  'invalid_wsdl',
  'openapi_parsing_error',
  'unsupported_openapi_version',
];
const WARNINGS = [
  'openapi_validation_warnings',
  'wsdl_validation_warnings',
  'adding_endpoints',
  'deleting_endpoints',
  'adding_services',
  'deleting_services',
  'internal_server_ssl_handshake_error',
  'internal_server_ssl_error',
];

describe('codes of the management API', () => {
  it.each(ERRORS)('explains the error %s', (code) => {
    expect(explainError(code)).not.toBe(explainError('unheard_of'));
  });

  it.each(WARNINGS)('explains the warning %s and what accepting it does', (code) => {
    expect(explainWarning(code)).toMatch(/\. (.*)?Accepting /);
  });

  it('explains each in a sentence that says what to do', () => {
    for (const text of EXPLAINED.errors.map(explainError)) {
      expect(text).toMatch(/^[A-Z]/);
      expect(text).not.toMatch(/\.$/);
      expect(text).toMatch(/[:;,]/);
    }
  });
});
