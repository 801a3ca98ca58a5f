/** What compiles and what does not, for adapter authors. `tsc` is the test: every `@ts-expect-error` must be one. */
import { businessRegistry } from '../../adapters/business-registry/adapter.ts';
import type { taxPayments } from '../../adapters/tax-payments/adapter.ts';
import type { admit } from '../../src/access/admit.ts';
import {
  choice,
  constant,
  decimal,
  defaultTo,
  defineAdapter,
  type InputOf,
  integer,
  list,
  type OutputOf,
  operation,
  record,
  soap,
  taggedChoice,
  text,
  variable,
} from '../../src/adapter.ts';
import { lookUp } from '../../src/catalogue/look-up.ts';
import type { ExchangeRequest } from '../../src/model/exchange.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_Claim extends true>(): void {}

type Company = OutputOf<(typeof businessRegistry)['operations']['getCompany']>;
holds<Equal<Company['status'], 'active' | 'dissolved'>>();
holds<Equal<Company['capitalRiel'], string>>();
holds<Equal<Company['remarks'], string | null | undefined>>();
holds<Equal<Company['directors'], readonly { readonly name: string; readonly since?: string }[]>>();
holds<Equal<Parameters<typeof admit>[0], ExchangeRequest>>();

type Payments = OutputOf<(typeof taxPayments)['operations']['listPayments']>;
holds<Equal<Payments['payments'][number]['amountRiel'], string>>();
type PaymentsInput = InputOf<(typeof taxPayments)['operations']['listPayments']>;
holds<
  Equal<PaymentsInput, { readonly tin: string; readonly year: number; readonly from?: string; readonly to?: string }>
>();

const nothing = record({});

// @ts-expect-error: the path's parameter has no field
operation({ get: '/x/{id}', summary: '', call: 'X', input: { other: text('A') }, output: nothing });
// @ts-expect-error: no input at all, and the path has a parameter
operation({ get: '/x/{id}', summary: '', call: 'X', output: nothing });
// @ts-expect-error: two methods
operation({ get: '/x', post: '/x', summary: '', call: 'X', output: nothing });
// @ts-expect-error: no method
operation({ summary: '', call: 'X', output: nothing });
// @ts-expect-error: an unknown option of a field
text('A', { maxLenght: 3 });
// @ts-expect-error: a default of another type
defaultTo(integer('A'), 'one');

holds<Equal<ReturnType<typeof integer<{ as: 'string' }>>, ReturnType<typeof decimal<{ public: true }>>>>();

const shapes = operation({
  get: '/x',
  summary: '',
  call: 'X',
  output: record({
    kind: constant('fixed'),
    holder: choice('type', {
      person: record('Person', { name: text('Name') }),
      firm: record('Firm', { staff: integer('Staff') }),
    }),
    line: taggedChoice('TAG', 'type', {
      head: ['H', record({ title: text('T') })],
      item: ['I', record({ sum: decimal('S') })],
    }),
    tags: list('Tag', text('.')),
  }),
});
type Shapes = OutputOf<typeof shapes>;
holds<Equal<Shapes['kind'], 'fixed'>>();
holds<Equal<Shapes['tags'], readonly string[]>>();
const holder: Shapes['holder'] = { type: 'firm', staff: 3 };
// @ts-expect-error: members of another case
const mixed: Shapes['holder'] = { type: 'person', staff: 3 };
const line: Shapes['line'] = { type: 'item', sum: '1.50' };
void [holder, mixed, line];

const endpoint = soap({ endpoint: variable('URL'), namespace: 'urn:x' });
const viaB = operation({ get: '/x', via: 'b', summary: '', call: 'X', output: nothing });
defineAdapter({ name: 'x', title: '', legacy: { b: endpoint }, operations: { viaB } });
// @ts-expect-error: no endpoint of this name
defineAdapter({ name: 'x', title: '', legacy: { a: endpoint }, operations: { viaB } });
const plain = operation({ get: '/x', summary: '', call: 'X', output: nothing });
// @ts-expect-error: two endpoints, and the operation does not say which
defineAdapter({ name: 'x', title: '', legacy: { a: endpoint, b: endpoint }, operations: { plain } });

// @ts-expect-error: a request that was not admitted cannot be looked up
lookUp({} as ExchangeRequest, [], new Map());
void businessRegistry;
