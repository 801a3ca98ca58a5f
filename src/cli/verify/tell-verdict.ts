import { styleText } from 'node:util';
import type { Statement } from '../../envelope/statement.ts';
import type { Verified } from '../../envelope/verify.ts';
import type { Check, CheckName, Refused } from '../../envelope/verify-reason.ts';

/** The option that makes a check happen which was not asked for. */
const ASKED_BY: Partial<Record<CheckName, string>> = {
  issuer: '--issuer',
  audience: '--audience, or --request with X-Road-Client',
  service: '--service',
  transaction: '--transaction, or the whole answer as curl -i saves it',
  request: '--request',
  status: 'the whole answer as curl -i saves it',
  nonce: '--nonce',
  certificate: '--cert',
};

/** The verdict, who said what to whom, and every check: for people. */
export function tellVerdict(result: Verified | Refused): string[] {
  const checks = result.checks.map(tellCheck);
  if (!result.verified) {
    const verdict = styleText(['bold', 'red'], 'REFUSED');
    return [`${verdict}  ${result.reason}: ${result.detail}`, '', ...checks];
  }
  return [styleText(['bold', 'green'], 'VERIFIED'), '', ...tellStatement(result.statement), '', ...checks];
}

function tellCheck({ name, outcome }: Check): string {
  if (outcome === 'passed') return `  ${styleText('green', '✓')} ${name}`;
  if (outcome === 'failed') return `  ${styleText('red', '✗')} ${name}`;
  const option = ASKED_BY[name];
  return styleText('dim', `  – ${name}: not asked${option === undefined ? '' : ` (${option})`}`);
}

function tellStatement(statement: Statement): string[] {
  const { iss, aud, svc, txn, jti, req, res, src, map, adp, rp, uid } = statement;
  const media = res.cty === undefined ? 'no body' : res.cty;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['who', iss],
    ['when', `${moment(statement.iat)}, by its own clock`],
    ['to whom', aud],
    ['on behalf of', rp],
    ['user', uid],
    ['service', svc],
    ['request', `${req.method} ${req.target}${req.jws === undefined ? '' : ', signed by the consumer'}`],
    ['answer', `status ${res.status}, ${media}${tellSetAside(res.set_aside)}`],
    ['transaction', txn],
    ['statement', jti],
    ...src.map((source) => ['made from', tellSource(source)] as const),
    ['by definition', `${map.id} ${map.digest}`],
    ['adapter', adp.v],
  ];
  return rows.flatMap(([what, value]) => (value === undefined ? [] : [`  ${what.padEnd(14)}${visible(value)}`]));
}

/** Whoever signs may write anything: characters that a terminal acts on would let a claim write over the lines around it. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

function tellSetAside(rows: number | undefined): string {
  return rows === undefined ? '' : `, ${rows} bad rows left out`;
}

function tellSource({ sys, op, at, status, len, digest, partial, age }: Statement['src'][number]): string {
  const parts = [
    `${sys}${op === undefined ? '' : ` ${op}`} at ${moment(at)}`,
    status === undefined ? 'no status' : `status ${status}`,
    `${len} bytes${partial ? ' (read in part)' : ''}`,
    ...(age === undefined ? [] : [`${age} seconds old`]),
    digest,
  ];
  return parts.join(', ');
}

function moment(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `${seconds} seconds`; // beyond the year 275760
  return date.toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}
