/**
 * The neighbours of an adapter for a first day with it (docs/first-day.md), on fixed ports of this machine: two legacy
 * systems, and the security servers with their management API, which start without any service. `npm run stand-ins
 * [-- FIRST-PORT]`; they run until Ctrl-C.
 */
import { startBusinessRegistry } from './legacy/business-registry.ts';
import { startTaxOffice } from './legacy/tax-office.ts';
import { startManagementApi } from './management-api.ts';
import { startSecurityServer } from './security-server/server.ts';
import { CLIENT, PROVIDER } from './stack.ts';

const FIRST_PORT = 9101;
const LEGACY_USER = { user: 'spean', password: 'legacy-password' };

const port = Number(process.argv[2] ?? FIRST_PORT);
const registry = await startBusinessRegistry({ ...LEGACY_USER, port });
const taxOffice = await startTaxOffice({ ...LEGACY_USER, port: port + 1 });
const management = await startManagementApi({ clients: [{ id: PROVIDER }], subsystems: [CLIENT], port: port + 2 });
const securityServer = await startSecurityServer({
  clients: [CLIENT],
  // what is registered while they run
  get services() {
    return management.services();
  },
  port: port + 3,
});

console.log(`business registry    ${registry.url}?wsdl
tax office           ${taxOffice.url}/export/payments.csv?year=2024
management API       ${management.url}
consumer's server    ${securityServer.url}

The legacy systems take user "${LEGACY_USER.user}" with password "${LEGACY_USER.password}".
The security server takes this key of a service administrator:

  export SPEAN_API_KEY=${management.createApiKey('XROAD_SERVICE_ADMINISTRATOR')}

Ctrl-C ends them.`);
