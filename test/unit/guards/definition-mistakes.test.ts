import { describe, expect, it } from 'vitest';
import { secret, sessionLogin, usernameToken, variable } from '../../../src/adapter.ts';
import type { GuardOptions } from '../../support/four-formats.ts';
import { guardedApp } from '../../support/guarded-app.ts';

const loginUrl = variable('FOUR_FORMATS_LOGIN_URL');
const form = { user: 'spean' };

describe('guards that cannot be meant', () => {
  it.each<[string, GuardOptions]>([
    [
      'legacy.xml.hours: Opening hours "Mo-Fr 8-17" are not like',
      { hours: { zone: 'Asia/Phnom_Penh', open: ['Mo-Fr 8-17'] } },
    ],
    [
      'legacy.soap.hours: "Asia/Angkor" is no time zone',
      { hours: { zone: 'Asia/Angkor', open: ['Daily 08:00-17:00'] } },
    ],
    ['operations.readCsv.cache.seconds: A lifetime is a whole number of seconds', { cache: { seconds: 0.5 } }],
    [
      'operations.readXml.cache.lastGoodSeconds: A last good answer is older than the lifetime',
      { cache: { seconds: 60, lastGoodSeconds: 60 } },
    ],
    ['operations.readXml.limits.attempts: A limit is a whole number above zero', { limits: { attempts: 0 } }],
    [
      'legacy.csv.auth: A UsernameToken stands in a SOAP header',
      { auth: usernameToken(variable('FOUR_FORMATS_USER'), secret('FOUR_FORMATS_PASSWORD')) },
    ],
    ['legacy.soap.auth: A log-in posts exactly one of "form" and "json"', { auth: sessionLogin({ loginUrl }) }],
    [
      'legacy.soap.auth: A log-in posts exactly one of "form" and "json"',
      { auth: sessionLogin({ loginUrl, form, json: form }) },
    ],
    [
      'legacy.soap.auth.minutes: A session is used for more than 0',
      { auth: sessionLogin({ loginUrl, form, minutes: 0 }) },
    ],
    [
      'legacy.xml.auth.loggedOut.page: The log-in page is a path',
      { auth: sessionLogin({ loginUrl, form, loggedOut: { page: 'login' } }) },
    ],
  ])('stop the start with "%s"', async (mistake, options) => {
    await expect(guardedApp(options)).rejects.toThrow(`four-formats: ${mistake}`);
  });
});
