/** A path template split into segments; a parameter is a whole segment between braces. */
export type PathTemplate = readonly ({ readonly literal: string } | { readonly parameter: string })[];

/** Splits `/companies/{id}`. Throws a TypeError for a template that does not start with a slash or embeds a parameter in a segment. */
export function parsePathTemplate(template: string): PathTemplate {
  if (!template.startsWith('/')) throw new TypeError(`Path ${JSON.stringify(template)} does not start with a slash`);
  if (template === '/') return [];
  return template
    .slice(1)
    .split('/')
    .map((segment) => {
      const parameter = /^\{([A-Za-z][A-Za-z0-9_]*)\}$/.exec(segment)?.[1];
      if (parameter !== undefined) return { parameter };
      if (/^[A-Za-z0-9._~-]+$/.test(segment)) return { literal: segment };
      throw new TypeError(
        `Path segment ${JSON.stringify(segment)} is neither a literal (letters, digits, - . _ ~) nor a whole {parameter}`,
      );
    });
}

/** The parameters' values when the segments match, undefined otherwise. */
export function matchPath(template: PathTemplate, segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  if (template.some((part, index) => 'literal' in part && part.literal !== segments[index])) return undefined;
  const parameters: Record<string, string> = {};
  for (let index = 0; index < template.length; index++) {
    const part = template[index]!;
    if ('parameter' in part) parameters[part.parameter] = segments[index]!;
  }
  return parameters;
}
