/** What a Durable Object is given (Cloudflare Workers runtime API), as far as it is used. */
export interface ObjectState {
  readonly storage: {
    readonly sql: { exec(query: string, ...bindings: (string | number)[]): { toArray(): Record<string, unknown>[] } };
    getAlarm(): Promise<number | null>;
    setAlarm(scheduledTime: number): Promise<void>;
  };
}

/** A binding to Durable Objects of one class. */
export interface ObjectNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(input: string, init?: { method: string; body: string }): Promise<Response> };
}
