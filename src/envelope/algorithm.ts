/** How an algorithm's keys look as JWKs and what WebCrypto calls it. */
interface AlgorithmRow {
  readonly kty: 'EC' | 'OKP' | 'RSA';
  readonly crv?: string;
  /** Members of the public half: those that its thumbprint takes (RFC 7638, 3.2), `kty` and `crv` aside. */
  readonly publicMembers: readonly string[];
  readonly privateMembers: readonly string[];
  /** Length of one member of `publicMembers`, bytes, where the curve fixes it. */
  readonly memberBytes?: number;
  /** Length of a signature in JOSE form, bytes; for RSA it is the modulus's. */
  readonly signatureBytes?: number;
  readonly keyParameters: EcKeyImportParams | RsaHashedImportParams | Algorithm;
  readonly signParameters: EcdsaParams | RsaPssParams | Algorithm;
}

const RSA_MEMBERS = { publicMembers: ['n', 'e'], privateMembers: ['d', 'p', 'q', 'dp', 'dq', 'qi'] } as const;

/**
 * The algorithms that sign and verify here, by their JOSE names (RFC 7518, RFC 8037, RFC 9864). No `none`, no HMAC: a
 * stranger has to be able to verify. No `EdDSA`, which does not tell the curve.
 */
export const SIGNING_ALGORITHMS = {
  ES256: {
    kty: 'EC',
    crv: 'P-256',
    publicMembers: ['x', 'y'],
    privateMembers: ['d'],
    memberBytes: 32,
    signatureBytes: 64,
    keyParameters: { name: 'ECDSA', namedCurve: 'P-256' },
    signParameters: { name: 'ECDSA', hash: 'SHA-256' },
  },
  ES384: {
    kty: 'EC',
    crv: 'P-384',
    publicMembers: ['x', 'y'],
    privateMembers: ['d'],
    memberBytes: 48,
    signatureBytes: 96,
    keyParameters: { name: 'ECDSA', namedCurve: 'P-384' },
    signParameters: { name: 'ECDSA', hash: 'SHA-384' },
  },
  Ed25519: {
    kty: 'OKP',
    crv: 'Ed25519',
    publicMembers: ['x'],
    privateMembers: ['d'],
    memberBytes: 32,
    signatureBytes: 64,
    keyParameters: { name: 'Ed25519' },
    signParameters: { name: 'Ed25519' },
  },
  RS256: {
    kty: 'RSA',
    ...RSA_MEMBERS,
    keyParameters: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    signParameters: { name: 'RSASSA-PKCS1-v1_5' },
  },
  PS256: {
    kty: 'RSA',
    ...RSA_MEMBERS,
    keyParameters: { name: 'RSA-PSS', hash: 'SHA-256' },
    signParameters: { name: 'RSA-PSS', saltLength: 32 },
  },
} as const satisfies Record<string, AlgorithmRow>;

export type SigningAlgorithm = keyof typeof SIGNING_ALGORITHMS;

export const SIGNING_ALGORITHM_NAMES = Object.keys(SIGNING_ALGORITHMS) as readonly SigningAlgorithm[];

/** The row of an algorithm, in the table's general type. */
export function algorithmRow(alg: SigningAlgorithm): AlgorithmRow {
  return SIGNING_ALGORITHMS[alg];
}
