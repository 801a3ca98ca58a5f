import { type CertificateFacts, readCertificates } from './certificate-facts.ts';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/**
 * What speaks against the listener's certificate (PEM, leaf first) and its key (PEM, PKCS#8): one mistake for each. A
 * stock security server offers RSA suites only (X-Road's `client-tls-ciphers`). `now` in milliseconds since the epoch.
 */
export async function serverCertificateMistakes(chain: string, key: string, now: number): Promise<string[]> {
  const [leaf] = certificatesOf(chain) ?? [];
  if (leaf === undefined) return ['SPEAN_TLS_CERTIFICATE is no certificate in PEM'];
  if (!leaf.isRsa) {
    return ['SPEAN_TLS_CERTIFICATE has no RSA key: a security server as installed takes no other TLS certificate'];
  }
  const mistakes = periodMistakes('SPEAN_TLS_CERTIFICATE', leaf, now);
  const match = await isKeyOf(key, leaf);
  if (match === undefined)
    mistakes.push('SPEAN_TLS_KEY is no RSA key in PKCS#8 ("openssl pkcs8 -topk8 -nodes" makes one)');
  if (match === false) mistakes.push('SPEAN_TLS_KEY is not the key of SPEAN_TLS_CERTIFICATE');
  return mistakes;
}

/** Anchors to trust so that exactly the given client certificates are accepted, and the mistakes that prevent it. */
export interface ClientPins {
  readonly anchors: readonly string[];
  readonly mistakes: readonly string[];
}

/**
 * Pins client certificates: PEM, each one followed by its issuer's unless it is self-signed. workerd verifies clients
 * with rustls, which refuses certificates that are authorities themselves, of version 1, or not for client
 * authentication: such a pin would lock the security server out, so it is a mistake.
 */
export function clientPins(pem: string, now: number): ClientPins {
  const name = 'SPEAN_TLS_CLIENT_CERTIFICATES';
  const certificates = certificatesOf(pem);
  if (certificates === undefined) return { anchors: [], mistakes: [`${name} holds no certificate in PEM`] };
  const anchors: string[] = [];
  const mistakes: string[] = [];
  for (let index = 0; index < certificates.length; index++) {
    const leaf = certificates[index] as CertificateFacts;
    const place = `${name}, certificate ${index + 1},`;
    mistakes.push(...pinMistakes(place, leaf, now));
    const isSelfSigned = leaf.issuer === leaf.subject;
    const anchor = isSelfSigned ? leaf : certificates[++index];
    if (anchor?.subject === leaf.issuer) anchors.push(anchor.pem);
    else mistakes.push(`${place} is not self-signed, and its issuer's certificate does not follow it`);
  }
  return { anchors, mistakes };
}

function pinMistakes(place: string, leaf: CertificateFacts, now: number): string[] {
  const mistakes = periodMistakes(place, leaf, now);
  if (leaf.version !== 3) mistakes.push(`${place} is of X.509 version 1: workerd takes version 3 only`);
  if (leaf.isAuthority) {
    mistakes.push(
      `${place} marks itself as an authority (CA:TRUE), as the one does that X-Road makes for itself: workerd refuses such ` +
        'from a client. Import one into the security server that certify-security-server.sh signs, or leave this setting ' +
        'out and set SPEAN_PATH_SECRET and SPEAN_SECURITY_SERVER_ADDRESSES',
    );
  }
  if (!leaf.mayAuthenticateClients) mistakes.push(`${place} is not for client authentication (extended key usage)`);
  return mistakes;
}

function periodMistakes(place: string, { notBefore, notAfter }: CertificateFacts, now: number): string[] {
  if (now < notBefore) return [`${place} is not valid before ${new Date(notBefore).toISOString()}`];
  return now > notAfter ? [`${place} has expired on ${new Date(notAfter).toISOString()}`] : [];
}

function certificatesOf(pem: string): CertificateFacts[] | undefined {
  try {
    return readCertificates(pem);
  } catch {
    return undefined;
  }
}

/** Undefined where the text is no RSA key in PKCS#8. */
async function isKeyOf(pem: string, certificate: CertificateFacts): Promise<boolean | undefined> {
  const probe = new TextEncoder().encode('Does the key fit the certificate?');
  try {
    const body = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(pem)?.[1] ?? '';
    const der = Uint8Array.from(atob(body.replace(/\s/g, '')), (character) => character.charCodeAt(0));
    const key = await crypto.subtle.importKey('pkcs8', der, RSA, false, ['sign']);
    const publicKey = await crypto.subtle.importKey('spki', certificate.publicKeyInfo, RSA, false, ['verify']);
    return await crypto.subtle.verify(RSA, publicKey, await crypto.subtle.sign(RSA, key, probe), probe);
  } catch {
    return undefined;
  }
}
