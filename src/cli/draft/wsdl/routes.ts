import type { Method } from '../../../model/definition.ts';
import type { Field, Fields } from '../../../model/field.ts';
import { camelCase, kebabCase, wordsOf } from './names.ts';
import type { Notes } from './notes.ts';

/** A route of an adapter, and which input stands in its path. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly pathParameter: string | undefined;
  /** The operation only reads, whatever its method. */
  readonly reads: boolean;
}

const READ = ['get', 'find', 'list', 'search', 'query', 'is', 'has', 'check', 'read', 'retrieve', 'fetch', 'lookup'];
const READ_MORE = ['download', 'load', 'show', 'view', 'count', 'exists', 'verify', 'validate', 'inquire', 'inquiry'];
/** Last words of names without a verb in front: `personSearch`. */
const READ_ENDINGS = ['search', 'query', 'list', 'lookup', 'details', 'inquiry'];
const CREATE = ['create', 'register', 'submit', 'add', 'insert', 'new', 'post', 'upload', 'file', 'send', 'save'];
const REPLACE = ['update', 'set', 'change', 'modify', 'edit', 'replace'];
const REMOVE = ['delete', 'remove', 'cancel', 'revoke', 'unregister'];

type Intent = 'read' | 'create' | 'replace' | 'remove' | 'unknown';

function intentOf(verb: string): Intent {
  if (READ.includes(verb) || READ_MORE.includes(verb)) return 'read';
  if (CREATE.includes(verb)) return 'create';
  if (REPLACE.includes(verb)) return 'replace';
  return REMOVE.includes(verb) ? 'remove' : 'unknown';
}

/** Words at the end of an input's name that make it a key. */
const KEY_WORDS: ReadonlySet<string> = new Set([
  'id',
  'no',
  'nr',
  'num',
  'number',
  'code',
  'identifier',
  'key',
  'tin',
  'nin',
  'pin',
  'uuid',
]);

/** Words of inputs that must not stand in a URL, which logs keep: credentials. */
const SECRET =
  /^(?:pass(?:word|wd|code|phrase)?|pwd|secret|token|credentials?|session|signature|salasana|clave|senha|contrasena|kennwort|parool)$/;

export function holdsSecret(fields: Fields): boolean {
  return Object.entries(fields).some(
    ([name, field]) =>
      wordsOf(name).some((word) => SECRET.test(word)) || (field.type === 'record' && holdsSecret(field.fields)),
  );
}

/** Proposes routes for the operations of one adapter, of which no two are the same; each guess is asked. */
export class RouteTable {
  readonly #shapes = new Map<string, { readonly path: string; readonly methods: Set<Method> }>();
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
    for (const path of ['/openapi.json', '/.well-known/jwks.json']) this.#take('get', path);
  }

  /** `name`: the operation's name in the definition; `legacyName`: in the WSDL. */
  propose(name: string, legacyName: string, input: Fields): Route {
    const [verb = '', ...rest] = wordsOf(legacyName);
    const whole = kebabCase(legacyName) || 'operation';
    const endsAsRead = intentOf(verb) === 'unknown' && READ_ENDINGS.includes(rest.at(-1) ?? '');
    const intent = endsAsRead ? 'read' : intentOf(verb);
    const wanted = { intent, whole, noun: (endsAsRead ? '' : kebabCase(rest.join('-'))) || whole };
    const route = this.#free(wanted, input);
    this.#notes.ask(
      `operations.${name}`,
      `Is ${route.method.toUpperCase()} ${route.path} the right route for ${legacyName}?`,
      'Yes',
      evidence(intent, endsAsRead ? (rest.at(-1) ?? '') : verb, input, route),
    );
    return route;
  }

  /** For a call without inputs that is a GET itself, which reads whatever its name says. */
  proposeRead(name: string, legacyName: string): Route {
    const whole = kebabCase(legacyName) || 'operation';
    const route = this.#free({ intent: 'read', whole, noun: whole }, {});
    const question = `Is ${route.method.toUpperCase()} ${route.path} the right route for ${legacyName}?`;
    this.#notes.ask(`operations.${name}`, question, 'Yes', 'the legacy call is a GET');
    return route;
  }

  #free(wanted: Wanted, input: Fields): Route {
    for (const candidate of candidates(wanted, input)) {
      if (this.#take(candidate.method, candidate.path)) return candidate;
    }
    const reads = wanted.intent === 'read';
    for (let number = 2; ; number++) {
      const path = `/${wanted.whole}-${number}`;
      if (this.#take('post', path)) return { method: 'post', path, pathParameter: undefined, reads };
    }
  }

  /** Paths of one shape must have the same parameters, as the catalogue and OpenAPI demand. */
  #take(method: Method, path: string): boolean {
    const shape = path.replace(/\{[^}]*\}/g, '{}');
    const known = this.#shapes.get(shape);
    if (known === undefined) this.#shapes.set(shape, { path, methods: new Set([method]) });
    else if (known.path !== path || known.methods.has(method)) return false;
    else known.methods.add(method);
    return true;
  }
}

interface Wanted {
  readonly intent: Intent;
  /** The operation's name as a segment, and without its verb. */
  readonly whole: string;
  readonly noun: string;
}

function* candidates({ intent, whole, noun }: Wanted, input: Fields): Iterable<Route> {
  const given = Object.entries(input).filter(([, field]) => field.type !== 'constant');
  const simple = given.every(([, field]) => isSingleValue(field)) && !holdsSecret(input);
  const key = pathKey(given);
  const reads = intent === 'read';
  if (simple && (intent === 'read' || intent === 'remove')) {
    const method = reads ? 'get' : 'delete';
    if (key !== undefined) yield { method, path: `/${noun}/{${key}}`, pathParameter: key, reads };
    if (key !== undefined) yield { method, path: `/${whole}/{${key}}`, pathParameter: key, reads };
    if (reads || given.length > 0) yield { method, path: `/${noun}`, pathParameter: undefined, reads };
    yield { method, path: `/${whole}`, pathParameter: undefined, reads };
  }
  if (intent === 'create') yield { method: 'post', path: `/${noun}`, pathParameter: undefined, reads };
  if (intent === 'replace') yield { method: 'put', path: `/${noun}`, pathParameter: undefined, reads };
  yield { method: 'post', path: `/${whole}`, pathParameter: undefined, reads };
}

function isSingleValue({ type }: Field): boolean {
  return type !== 'record' && type !== 'list' && type !== 'choice' && type !== 'binary';
}

/** The one required input that is a key, or the only input where it is one: schemas of .NET call every text optional. */
function pathKey(given: readonly (readonly [name: string, field: Field])[]): string | undefined {
  const keys = given.filter(([name, field]) => isKeyName(name) && isSingleValue(field));
  const required = keys.filter(([, field]) => !('optional' in field) && !('nullable' in field));
  const [only] = required.length === 1 ? required : given.length === 1 ? keys : [];
  const name = only?.[0];
  return name !== undefined && /^[A-Za-z][A-Za-z0-9_]*$/.test(name) ? name : undefined;
}

function isKeyName(name: string): boolean {
  return KEY_WORDS.has(wordsOf(camelCase(name)).at(-1) ?? '');
}

function evidence(intent: Intent, verb: string, input: Fields, { method }: Route): string {
  if (intent === 'unknown') return `${JSON.stringify(verb)} is no verb that tells reading from writing, so POST`;
  if (method === 'post' && (intent === 'read' || intent === 'remove')) {
    return holdsSecret(input)
      ? 'the input holds credentials, which must not stand in a URL'
      : 'the input is structured, which needs a body, or the shorter route is taken';
  }
  return `${JSON.stringify(verb)} in its name`;
}
