/** Verifies a statement with WebCrypto alone; see docs/envelope.md of the project that wrote this. */
export function verifyEnvelope(
  envelope: string | Uint8Array | null,
  options: { readonly keys: object; readonly [name: string]: unknown },
): Promise<{ readonly verified: boolean; readonly reason?: string; readonly data?: unknown }>;
