/** What lies in the built directory beside the programs, as far as it can be checked without installing it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { readInstallation } from '../../onpremises/installation.ts';
import { readSettingsText } from '../../onpremises/settings-text.ts';
import { adapterSettings } from '../../scripts/build/adapter-settings.ts';
import { readSettings } from '../../src/config.ts';
import { SettingsError } from '../../src/model/settings.ts';
import { temporaryFolder } from '../support/cli-shell.ts';

/** `systemd-analyze security`: 0 is a closed box, 10 the whole machine. In tenths. */
const EXPOSURE_MAX_TENTHS = 15;

const template = join(import.meta.dirname, '../../onpremises/template');
const read = (name: string) => readFileSync(join(template, name), 'utf8');

function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!has('systemd-analyze'))('the systemd unit (skipped where systemd-analyze is not there)', () => {
  it('is one that systemd understands', () => {
    const unit = join(temporaryFolder(), 'spean.service');
    writeFileSync(unit, read('systemd/spean.service').replace('/opt/spean/current', template));
    expect(execFileSync('systemd-analyze', ['verify', unit], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
  });

  it('lets the service at little of the machine', () => {
    const unit = join(template, 'systemd/spean.service');
    const args = ['security', '--offline=true', `--threshold=${EXPOSURE_MAX_TENTHS}`, unit];
    expect(() => execFileSync('systemd-analyze', args, { stdio: 'pipe' })).not.toThrow();
  });
});

describe('the shell scripts', () => {
  it.each(['spean', 'certify-security-server.sh'])('%s is understood by a POSIX shell', (name) => {
    expect(() => execFileSync('sh', ['-n', join(template, name)], { stdio: 'pipe' })).not.toThrow();
  });
});

describe('the guide for operators', () => {
  const guides = [join(template, '../../docs/on-premises.md'), join(template, 'README.md')];

  it.each(guides)('%s has commands that a shell understands, and that the start script knows', (file) => {
    const blocks = [...readFileSync(file, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(0);
    const known = [...read('spean').matchAll(/^ {2}([a-z]+):\d\)/gm)].map(([, name]) => name);
    for (const block of blocks) {
      expect(() => execFileSync('sh', ['-n', '-c', block], { stdio: 'pipe' })).not.toThrow();
      for (const [, name] of block.matchAll(/\/current\/spean ([a-z]+)/g)) expect(known).toContain(name);
    }
  });
});

describe('the Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^([A-Z]+) (.*)$/.exec(line)?.slice(1) ?? [line]);

  it('holds instructions that are there, and commands that a shell understands', () => {
    const known = ['ARG', 'FROM', 'RUN', 'COPY', 'USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'ENTRYPOINT', 'CMD'];
    for (const [name = '', rest = ''] of instructions) {
      expect(known).toContain(name);
      if (name === 'RUN') expect(() => execFileSync('sh', ['-n', '-c', rest], { stdio: 'pipe' })).not.toThrow();
      if (/^\[/.test(rest)) expect(() => JSON.parse(rest)).not.toThrow();
    }
  });

  it('starts the start script as a user of its own', () => {
    const entries = Object.fromEntries(instructions);
    expect(entries).toMatchObject({ USER: '10001', CMD: '["run"]', ENTRYPOINT: '["/opt/spean/current/spean"]' });
    expect(existsSync(join(template, 'spean'))).toBe(true);
  });
});

describe('the settings example', () => {
  const example = read('settings.example.env') + adapterSettings(adapters);

  it('names every setting that anything reads', async () => {
    const asked = new Set<string>();
    class NotingMap extends Map<string, string> {
      override get(name: string) {
        asked.add(name);
        return super.get(name);
      }
    }
    const environment = new Proxy<Record<string, string>>(
      { SPEAN_REMOTE_SIGNER_URL: 'https://signer.example' },
      {
        get(target, name) {
          asked.add(String(name));
          return target[String(name)];
        },
      },
    );
    expect(() => readSettings(environment, adapters)).toThrow(SettingsError);
    const nothing = { values: new NotingMap(), mistakes: [] };
    await expect(readInstallation(nothing, adapters, 0)).rejects.toThrow(SettingsError);
    const elsewhere = ['SPEAN_TLS_FRONT', 'SPEAN_SECURITY_SERVER_CERTIFICATES', 'SPEAN_OUTGOING_BINDINGS'];
    expect([...asked].filter((name) => !elsewhere.includes(name) && !example.includes(name))).toEqual([]);
    expect(asked.size).toBeGreaterThan(20);
  });

  it('is a settings file itself', () => {
    expect(readSettingsText(example, new Map()).mistakes).toEqual([]);
  });
});
