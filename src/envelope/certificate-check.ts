import { certificateOf, outsideValidity, type SigningCertificate } from './certificate.ts';
import { KeyError } from './public-key.ts';
import type { EnvelopeHeader } from './signed-claims.ts';
import { quote } from './strict-jws.ts';
import type { TrustedKey } from './verification-key.ts';
import { Refusal } from './verify-reason.ts';

/**
 * Whether the certificate and the envelope agree. One that the verifier pinned has to be named by the header
 * (`x5t#S256`). A chain that the header carries (`x5c`) only has to tell no lies: to begin with a certificate of the
 * signing key and to be the one that `x5t#S256` names; it earns no trust. Either has to be valid at `iat`, which is the
 * signer's own word for the time.
 *
 * Gives what came of it: `not-asked` where neither is there. Throws Refusal.
 */
export async function checkCertificate(header: EnvelopeHeader, trusted: TrustedKey): Promise<'passed' | 'not-asked'> {
  const certificate = trusted.certificate ?? (await carriedCertificate(header, trusted));
  if (certificate === undefined) return 'not-asked';
  if (header['x5t#S256'] !== certificate.thumbprint) {
    throw new Refusal(
      'certificate-mismatch',
      `The envelope names the certificate ${quote(header['x5t#S256'])}, this is ${certificate.thumbprint}`,
    );
  }
  const why = outsideValidity(certificate, header.iat * 1000);
  if (why === undefined) return 'passed';
  throw new Refusal('certificate-out-of-period', `The certificate ${why}, the envelope is of ${header.iat}`);
}

async function carriedCertificate(
  { x5c }: EnvelopeHeader,
  { key }: TrustedKey,
): Promise<SigningCertificate | undefined> {
  if (x5c === undefined) return undefined;
  try {
    return await certificateOf(x5c, key);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new Refusal('certificate-mismatch', `The certificate chain in the envelope ${error.message}`);
  }
}
