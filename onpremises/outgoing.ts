/** A service that reaches one declared server. */
interface Server {
  fetch(request: Request): Promise<Response>;
}

type OutgoingEnvironment = Readonly<Record<string, Server>> & { readonly ORIGINS: Readonly<Record<string, string>> };

/**
 * The worker's only way out: every call of its `fetch`, redirects included, passes here, and what is not declared is
 * refused before a name is looked up. A definition or a setting that went wrong cannot send data elsewhere.
 */
export default {
  fetch(request: Request, environment: OutgoingEnvironment): Promise<Response> {
    const { origin } = new URL(request.url);
    const name = Object.hasOwn(environment.ORIGINS, origin) ? environment.ORIGINS[origin] : undefined;
    const server = name === undefined ? undefined : environment[name];
    if (server === undefined) throw new Error(`A call to ${origin} was refused: no setting declares this server`);
    return server.fetch(request);
  },
};
