import { csv, defineAdapter, list, operation, record, rows, text, variable, xml } from '../../src/adapter.ts';

/** An adapter with every method that its legacy side tells apart, for the conformance suite. */
export const things = defineAdapter({
  name: 'things',
  title: 'Things',
  legacy: {
    documents: xml({ endpoint: variable('TAX_OFFICE_URL') }),
    files: csv({ endpoint: variable('TAX_OFFICE_URL') }),
  },
  operations: {
    getThing: operation({
      get: '/things/{id}',
      summary: 'One thing',
      via: 'documents',
      call: { get: 'thing', answers: 'T' },
      input: { id: text('?id'), tags: list('?tag', text('.'), { minItems: 0 }) },
      output: record({ id: text('Id') }),
    }),
    addThing: operation({
      post: '/things',
      summary: 'A new thing',
      via: 'documents',
      call: { post: 'things', root: 'New', answers: 'T' },
      status: 201,
      input: { id: text('Id') },
      output: record({ id: text('Id') }),
    }),
    removeThing: operation({
      delete: '/things/{id}',
      summary: 'No thing any more',
      via: 'documents',
      call: { post: 'remove', form: true, answers: 'T' },
      input: { id: text('?id') },
      output: record({ id: text('Id') }),
    }),
    largeThings: operation({
      get: '/large',
      summary: 'More than a security server takes',
      via: 'files',
      call: { get: 'large' },
      output: rows('things', { id: text('ID') }),
    }),
  },
});
