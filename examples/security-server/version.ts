/** One X-Road release of every line from 7.2 to 7.8 (contract 0, 6, 9). */
export const VERSIONS = ['7.2.2', '7.3.2', '7.4.2', '7.5.1', '7.6.3', '7.7.1', '7.8.0'] as const;
export type Version = (typeof VERSIONS)[number];

export function atLeast(version: Version, other: Version): boolean {
  return VERSIONS.indexOf(version) >= VERSIONS.indexOf(other);
}
