/**
 * A stand-in for an old tax office: payments of a year as CSV over HTTP (semicolon, BOM, decimal comma, dd/MM/yyyy,
 * quoted line breaks, a line of totals, `application/octet-stream`), new payments as plain XML over HTTP POST with
 * Basic authentication. Years that make the export misbehave:
 *
 * | year | what it does |
 * |---|---|
 * | 2091 | answers late: after five seconds, or what the options say |
 * | 2092 | cuts the file off inside a quoted cell |
 * | 2093 | leaves a cell out of a row |
 * | 2094 | answers HTTP 500 with an HTML page |
 */
import { HTML_PAGE, type LegacyAnswer, type LegacyServer, serveLegacy } from './server.ts';

export interface TaxOfficeOptions {
  readonly user: string;
  readonly password: string;
  /** A free one where it is left out. */
  readonly port?: number;
  /** How late the slow year answers, milliseconds; 5,000 where nothing is said. */
  readonly slowMs?: number;
}

interface Payment {
  readonly number: string;
  readonly tin: string;
  readonly payer: string;
  /** dd/MM/yyyy. */
  readonly date: string;
  /** In hundredths of a riel. */
  readonly amount: bigint;
  readonly note: string;
}

const SLOW_MS = 5_000;
const TAXPAYERS: ReadonlyMap<string, string> = new Map([
  ['001234567', 'Khmer Trading; Co'],
  ['009999999', 'ហាង ៧'],
]);

function payment(number: number, tin: string, date: string, amount: bigint, note = ''): Payment {
  return { number: `P-${String(number).padStart(6, '0')}`, tin, payer: TAXPAYERS.get(tin) ?? '', date, amount, note };
}

/** Starts the stand-in; `/export/payments.csv` and `/intake/payments` lie under `url`. */
export async function startTaxOffice({
  user,
  password,
  port,
  slowMs = SLOW_MS,
}: TaxOfficeOptions): Promise<LegacyServer> {
  const payments: Payment[] = [
    payment(1, '001234567', '31/03/2024', 123456750n, 'first line\r\nsecond line'),
    payment(2, '009999999', '01/04/2024', 1000n),
    payment(3, '001234567', '15/07/2024', 5n, 'called "small"'),
    payment(4, '001234567', '02/01/2023', 99999999999999999n),
  ];
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return serveLegacy(({ method, path, headers, body }) => {
    const url = new URL(path, 'http://tax.example');
    if (method === 'GET' && url.pathname === '/export/payments.csv')
      return exported(payments, url.searchParams.get('year') ?? '', slowMs);
    if (method !== 'POST' || url.pathname !== '/intake/payments')
      return { status: 404, contentType: 'text/html', body: HTML_PAGE };
    if (headers.authorization !== authorization)
      return { status: 401, contentType: 'text/plain', body: 'who are you\n' };
    return taken(payments, body);
  }, port);
}

function exported(payments: readonly Payment[], year: string, slowMs: number): LegacyAnswer {
  const inYear = payments.filter(({ date }) => date.endsWith(`/${year}`) || year.startsWith('209'));
  const rows = inYear.map(({ number, tin, payer, date, amount, note }) =>
    [number, tin, payer, date, comma(amount), note].map(quoted).join(';'),
  );
  const total = comma(inYear.reduce((sum, { amount }) => sum + amount, 0n));
  const body = `\ufeff${['NO;TIN;PAYER;DATE;AMOUNT;NOTE', ...rows, `TOTAL;;;;${total};`].join('\r\n')}\r\n`;
  const normal: LegacyAnswer = { status: 200, contentType: 'application/octet-stream', body };
  switch (year) {
    case '2091':
      return { ...normal, afterMs: slowMs };
    case '2092':
      return { ...normal, body: body.slice(0, body.indexOf('second line')) };
    case '2093':
      return { ...normal, body: body.replace(';31/03/2024', '') };
    case '2094':
      return { status: 500, contentType: 'text/html', body: HTML_PAGE };
    default:
      return normal;
  }
}

function comma(hundredths: bigint): string {
  const digits = String(hundredths).padStart(3, '0');
  return `${digits.slice(0, -2)},${digits.slice(-2)}`;
}

function quoted(cell: string): string {
  return /[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function taken(payments: Payment[], body: string): LegacyAnswer {
  const read = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
  const [tin = '', date = '', amount = '', note = ''] = [read('Tin'), read('PaidOn'), read('Amount'), read('Note')];
  if (!TAXPAYERS.has(tin)) return receipt('<Status>REJECTED</Status><Reason>UNKNOWN_TIN</Reason>');
  if (!/^\d{2}\/\d{2}\/\d{4}$/.test(date) || !/^\d+(,\d{1,2})?$/.test(amount))
    return receipt('<Status>REJECTED</Status><Reason>BAD_VALUE</Reason>');
  const [whole = '', fraction = ''] = amount.split(',');
  const added = payment(payments.length + 1, tin, date, BigInt(whole + fraction.padEnd(2, '0')), note);
  if (payments.some((known) => known.tin === tin && known.date === date && known.amount === added.amount)) {
    return { status: 409, contentType: 'text/plain', body: 'registered before, clerk: Sok Dara\n' };
  }
  payments.push(added);
  return receipt(`<No>${added.number}</No><Status>ACCEPTED</Status>`);
}

function receipt(content: string): LegacyAnswer {
  return { status: 200, contentType: 'application/xml', body: `<Receipt>${content}</Receipt>\n` };
}
