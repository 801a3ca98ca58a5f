import { describe, expect, it } from 'vitest';
import { codedError, problemDocument } from '../../../../src/exchange/rest/problem.ts';
import { ERRORS, type ErrorCode, LegacyFaultError, SpeanError } from '../../../../src/model/errors.ts';

describe('problemDocument()', () => {
  it.each(Object.keys(ERRORS) as ErrorCode[])('writes %s with the status, title and owner of its row', (code) => {
    expect(problemDocument(new SpeanError(code), 'id-1')).toEqual({
      type: `urn:spean:problem:${code}`,
      ...ERRORS[code],
      code,
      requestId: 'id-1',
    });
  });

  it('names every bad field at once', () => {
    const issues = [
      { field: 'year', message: 'Expected an integer' },
      { field: 'kind', message: 'Expected one of annual, amendment' },
    ];
    expect(problemDocument(new SpeanError('input-invalid', { issues }), undefined).issues).toEqual(issues);
  });

  it('tells a legacy place in words', () => {
    const issues = [{ field: 'registeredOn', message: 'No date', place: { row: 3, columnName: 'DATE' } }];
    expect(problemDocument(new SpeanError('legacy-value-invalid', { issues }), 'x').issues).toEqual([
      { field: 'registeredOn', message: 'No date', place: 'row 3, column "DATE"' },
    ]);
  });

  it('says what the adapter declares for a legacy fault', () => {
    const error = new SpeanError('legacy-fault', { status: 404, title: 'No such company', owner: 'caller' });
    expect(problemDocument(error, 'x')).toMatchObject({
      status: 404,
      title: 'No such company',
      owner: 'caller',
      code: 'legacy-fault',
    });
  });

  it('never tells the cause', () => {
    const cause = new LegacyFaultError({ httpStatus: 500, names: ['com.bank.Dao', 'secret'] });
    const document = JSON.stringify(problemDocument(new SpeanError('legacy-fault', { cause }), 'x'));
    expect(document).not.toMatch(/Dao|secret|cause|stack/);
  });

  it('cuts a field name that a caller made very long, between characters', () => {
    const field = `${'x'.repeat(199)}😀${'y'.repeat(100)}`;
    const document = problemDocument(new SpeanError('input-invalid', { issues: [{ field, message: 'Unknown' }] }), 'x');
    const [issue] = document.issues as { field: string }[];
    expect(issue?.field).toHaveLength(200);
    expect(issue?.field.isWellFormed()).toBe(true);
  });
});

describe('codedError()', () => {
  it('keeps a coded error and wraps every other thing that can be thrown', () => {
    const coded = new SpeanError('not-found');
    expect(codedError(coded)).toBe(coded);
    for (const thrown of [new Error('x'), 'x', undefined, null]) {
      expect(codedError(thrown)).toMatchObject({ code: 'adapter-failed', status: 500, cause: thrown });
    }
  });
});
