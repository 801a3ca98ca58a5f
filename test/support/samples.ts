import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/samples', import.meta.url));

/** Real files collected from elsewhere, beside the project's folder; undefined where they are not. */
export const samplesFolder: string | undefined = existsSync(folder) ? folder : undefined;
