import type { Platform, RunningHash } from '../model/platform.ts';

/** workerd's hashing stream (Cloudflare Workers runtime API), as far as it is used. */
interface DigestStreamLike extends WritableStream<Uint8Array<ArrayBuffer>> {
  readonly digest: Promise<ArrayBuffer>;
}
interface CryptoWithDigestStream {
  readonly DigestStream: new (algorithm: 'SHA-256') => DigestStreamLike;
}

/** The platform on Cloudflare Workers and on workerd. */
export function workersPlatform(): Platform {
  return {
    fetch: (request) => fetch(request),
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(bytes),
    log: (record) => console.log(JSON.stringify(record)),
    createHash: digestStreamHash,
  };
}

function digestStreamHash(): RunningHash {
  const { DigestStream } = crypto as unknown as CryptoWithDigestStream;
  const stream = new DigestStream('SHA-256');
  const writer = stream.getWriter();
  return {
    update: (bytes) => writer.write(bytes),
    digest: async () => {
      await writer.close();
      return new Uint8Array(await stream.digest);
    },
  };
}
