/** The legacy systems of the bench, mapped as adapters of a deployment are; they take the place of `adapters/index.ts` in its bundles. */
import {
  code,
  csv,
  date,
  decimal,
  defineAdapter,
  fixedWidth,
  integer,
  list,
  operation,
  record,
  row,
  soap,
  text,
  variable,
} from '../src/adapter.ts';
import { COMPANY_NAMESPACE } from './fixtures/company-documents.ts';

/** One client asks faster than any real one may; everything else stands at its default. */
const limits = { clientCallsPerMinute: 10_000_000 };

const companyTexts = {
  id: text('@id'),
  registrationNumber: text('RegNo'),
  nameKhmer: text('NameKh'),
  nameLatin: text('NameEn'),
  status: text('Status'),
  registeredOn: text('RegDate'),
  capitalRiel: text('Capital'),
  street: text('Address/Street'),
  city: text('Address/City'),
};

const companyTyped = {
  ...companyTexts,
  registrationNumber: text('RegNo', { digits: 8 }),
  status: code('Status', { A: 'active', D: 'dissolved' }),
  registeredOn: date('RegDate', { format: 'dd/MM/yyyy' }),
  capitalRiel: decimal('Capital'),
};

const findCompanies = {
  summary: 'So many companies',
  call: 'FindCompanies',
  input: { count: integer('Count', { min: 0, max: 10_000 }) },
} as const;

export const companyDirectory = defineAdapter({
  name: 'company-directory',
  title: 'Company directory',
  limits,
  legacy: soap({ endpoint: variable('COMPANY_DIRECTORY_URL'), namespace: COMPANY_NAMESPACE }),
  operations: {
    findCompanies: operation({
      get: '/companies',
      ...findCompanies,
      output: record({ companies: list('Companies/Company', companyTyped) }),
    }),
    /** Texts as they stand: what a reader without types makes of the same document. */
    findCompanyTexts: operation({
      get: '/company-texts',
      ...findCompanies,
      output: record({ companies: list('Companies/Company', companyTexts) }),
    }),
  },
});

const payment = {
  number: text('NO', { digits: 9, public: true }),
  payer: text('PAYER'),
  paidOn: date('DATE', { format: 'dd/MM/yyyy' }),
  amountRiel: decimal('AMOUNT', { decimalSeparator: ',' }),
};

export const paymentExport = defineAdapter({
  name: 'payment-export',
  title: 'Payment export',
  limits,
  legacy: csv({ endpoint: variable('PAYMENT_EXPORT_URL') }),
  operations: {
    getPayment: operation({
      get: '/payments/{number}',
      summary: 'One payment out of an export of so many megabytes',
      call: { get: 'csv' },
      input: { number: payment.number, megabytes: integer('?megabytes', { min: 1, max: 200 }) },
      output: row(payment),
    }),
  },
});

const settlementFile = defineAdapter({
  name: 'settlement-file',
  title: 'Settlement file',
  limits,
  legacy: fixedWidth({
    endpoint: variable('PAYMENT_EXPORT_URL'),
    columns: { NO: [1, 9], TIN: [10, 18], PAYER: [19, 48], DATE: [49, 56], AMOUNT: [57, 68], DISTRICT: [69, 88] },
    unit: 'byte',
    length: 88,
  }),
  operations: {
    getSettlement: operation({
      get: '/settlements/{number}',
      summary: 'One settlement out of a file of so many megabytes',
      call: { get: 'fixed-width' },
      input: { number: payment.number, megabytes: integer('?megabytes', { min: 1, max: 200 }) },
      output: row({
        number: payment.number,
        payer: text('PAYER', { rules: ['trim'] }),
        paidOn: date('DATE', { format: 'ddMMyyyy' }),
        amountRiel: decimal('AMOUNT'),
      }),
    }),
  },
});

export const adapters = [companyDirectory, paymentExport, settlementFile];
