/** What the API says when it does not do something: `ErrorInfo` of its description (contract 7). */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: { readonly error?: Code; readonly warnings?: readonly Code[] } = {}) {
    super(body.error?.code ?? body.warnings?.map(({ code }) => code).join(', ') ?? `HTTP ${status}`);
    this.status = status;
    this.body = { status, ...body };
  }
}

export interface Code {
  readonly code: string;
  readonly metadata?: readonly string[];
  readonly validation_errors?: Readonly<Record<string, readonly string[]>>;
}

export function badRequest(code: string, ...metadata: readonly string[]): Refusal {
  return new Refusal(400, { error: { code, ...(metadata.length > 0 && { metadata }) } });
}

export function notFound(code: string): Refusal {
  return new Refusal(404, { error: { code } });
}

export function conflict(code: string, ...metadata: readonly string[]): Refusal {
  return new Refusal(409, { error: { code, ...(metadata.length > 0 && { metadata }) } });
}

/** Warnings stop a request until it is repeated with `ignore_warnings`. */
export function unlessIgnored(ignore: boolean, warnings: readonly Code[]): void {
  if (!ignore && warnings.length > 0) throw new Refusal(400, { warnings });
}
