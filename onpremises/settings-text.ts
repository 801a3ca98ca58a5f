/** Settings by name, and what is wrong with how they were written down. */
export interface WrittenSettings {
  readonly values: ReadonlyMap<string, string>;
  readonly mistakes: readonly string[];
}

const NAME = /^[A-Z][A-Z0-9_]*$/;

/** systemd puts the files of a credential folder side by side, each under the folder's own name. */
const CREDENTIAL_PREFIX = 'secrets_';

const QUOTED = /^(["']).*\1$/;

/**
 * The settings of an installation: the lines of `settings.env`, and the files of its `secrets` folder, each of which is
 * one setting by its name. A setting that is written down twice is a mistake, as nobody could tell which one holds.
 */
export function readSettingsText(lines: string, files: ReadonlyMap<string, string>): WrittenSettings {
  const mistakes: string[] = [];
  const values = new Map<string, string>();
  const put = (name: string, value: string, place: string): void => {
    if (!NAME.test(name)) mistakes.push(`${place} does not name a setting: expected upper-case letters, digits and _`);
    else if (values.has(name)) mistakes.push(`${place} sets ${name} a second time`);
    else values.set(name, value);
  };
  for (const [index, line] of lines.split('\n').entries()) {
    readLine(line, `settings.env line ${index + 1}`, put, mistakes);
  }
  for (const [file, content] of files) {
    const name = file.startsWith(CREDENTIAL_PREFIX) ? file.slice(CREDENTIAL_PREFIX.length) : file;
    put(name, content.replace(/\r?\n$/, ''), `The secret file ${name}`);
  }
  return { values, mistakes };
}

/** `NAME=value`: the value is everything behind the first `=`, taken as it stands. */
function readLine(
  line: string,
  place: string,
  put: (name: string, value: string, place: string) => void,
  mistakes: string[],
): void {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return;
  const equals = text.indexOf('=');
  if (equals === -1) {
    mistakes.push(`${place} is not NAME=value, a comment or empty`);
    return;
  }
  const value = text.slice(equals + 1).trimStart();
  if (QUOTED.test(value)) {
    mistakes.push(
      `${place} has its value in quotes, which would be a part of it: leave them out, or put the value into a file of secrets/`,
    );
  }
  put(text.slice(0, equals).trimEnd(), value, place);
}
