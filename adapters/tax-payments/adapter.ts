import {
  basic,
  csv,
  date,
  decimal,
  defineAdapter,
  integer,
  operation,
  optional,
  record,
  row,
  rows,
  secret,
  text,
  variable,
  xml,
} from '../../src/adapter.ts';

const PAID_ON = { format: 'dd/MM/yyyy', example: '2024-03-31' } as const;

const payment = {
  number: text('NO', { pattern: '^P-[0-9]{6}$', public: true, example: 'P-000123' }),
  payer: text('PAYER'),
  paidOn: date('DATE', PAID_ON),
  amountRiel: decimal('AMOUNT', { decimalSeparator: ',', fractionDigits: 2, example: '1234567.50' }),
  note: optional(text('NOTE', { empty: 'absent' })),
};

const taxpayer = { digits: 9, example: '001234567' } as const;

export const taxPayments = defineAdapter({
  name: 'tax-payments',
  title: 'Tax payments',
  legacy: {
    exports: csv({
      endpoint: variable('TAX_OFFICE_URL'),
      separator: ';',
      footer: { startsWith: 'TOTAL;' },
    }),
    intake: xml({
      endpoint: variable('TAX_OFFICE_URL'),
      auth: basic(variable('TAX_OFFICE_USER'), secret('TAX_OFFICE_PASSWORD')),
    }),
  },
  operations: {
    listPayments: operation({
      get: '/taxpayers/{tin}/payments',
      summary: 'Payments of one taxpayer in a period of one year',
      via: 'exports',
      call: { get: 'export/payments.csv' },
      input: {
        tin: text('TIN', taxpayer),
        year: integer('?year', { min: 2000, max: 2100 }),
        from: optional(date('DATE', { ...PAID_ON, selects: 'atLeast' })),
        to: optional(date('DATE', { ...PAID_ON, selects: 'atMost' })),
      },
      output: rows('payments', payment),
    }),

    getPayment: operation({
      get: '/payments/{number}',
      summary: 'One payment by number',
      via: 'exports',
      call: { get: 'export/payments.csv' },
      input: { number: payment.number, year: integer('?year', { min: 2000, max: 2100 }) },
      output: row({ tin: text('TIN', taxpayer), ...payment }),
    }),

    registerPayment: operation({
      post: '/taxpayers/{tin}/payments',
      summary: 'Register a payment',
      via: 'intake',
      call: { post: 'intake/payments', root: 'NewPayment', answers: 'Receipt' },
      status: 201,
      signedRequest: 'accepted',
      idempotencyKey: 'X-Road-Request-Id',
      input: {
        tin: text('Tin', taxpayer),
        paidOn: date('PaidOn', PAID_ON),
        amountRiel: decimal('Amount', { decimalSeparator: ',', fractionDigits: 2, min: '0.01', example: '1234567.50' }),
        note: optional(text('Note', { maxLength: 200 })),
      },
      output: record({ number: text('No', { public: true }) }),
      problems: [
        { value: { at: 'Reason', equals: 'UNKNOWN_TIN' }, status: 404, title: 'No such taxpayer' },
        { value: { at: 'Status', equals: 'REJECTED' }, status: 422, title: 'The tax office rejected the payment' },
        { httpStatus: 409, status: 409, title: 'The payment was registered before' },
      ],
    }),
  },
});
