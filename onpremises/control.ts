interface ControlEnvironment {
  /** `hold` or `release`. */
  readonly ACTION: string;
  readonly FRONT: { fetch(url: string, init: RequestInit): Promise<Response> };
}

/** Run once by `workerd test` to tell the front something; fails when the front could not do it in its time. */
export default {
  async test(_: unknown, { ACTION, FRONT }: ControlEnvironment): Promise<void> {
    const response = await FRONT.fetch(`http://front/${ACTION}`, { method: 'POST' });
    if (!response.ok) throw new Error(`${ACTION}: ${await response.text()}`);
  },
};
