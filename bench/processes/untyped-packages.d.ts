/** The parts of packages without types that the contenders use. */
declare module 'express' {
  import type { RequestListener } from 'node:http';

  interface ExpressRequest {
    readonly query: Readonly<Record<string, string>>;
  }
  interface ExpressResponse {
    json(body: object): void;
  }
  interface ExpressApp extends RequestListener {
    get(path: string, handler: (request: ExpressRequest, response: ExpressResponse) => Promise<void>): void;
  }
  export default function express(): ExpressApp;
}

declare module 'xml2js' {
  interface Options {
    readonly explicitArray: boolean;
    readonly tagNameProcessors: readonly ((name: string) => string)[];
  }
  // the document's shape is whatever the caller knows of it
  export function parseStringPromise<Document>(xml: string, options: Options): Promise<Document>;
  export const processors: { readonly stripPrefix: (name: string) => string };
}
