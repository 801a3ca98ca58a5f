import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
  /** Where the certificate stands, PEM. */
  readonly file: string;
}

/** Whether this machine has openssl, which makes certificates for tests. */
export const HAS_OPENSSL = isThere();

/** An RSA key and a certificate that it signed itself, for a name that need not be the one it is reached by. */
export function makeSelfSigned(commonName: string): SelfSigned {
  const folder = mkdtempSync(join(tmpdir(), 'spean-tls-'));
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${commonName}`, '-days', '2', '-keyout', keyFile, '-out', file];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], { stdio: 'ignore' });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(file, 'utf8'), file };
}

function isThere(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
