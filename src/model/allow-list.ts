import type { AllowList } from './definition.ts';
import { type IdentifierKind, parseIdentifier } from './identifiers.ts';

/** An allow-list with its identifiers in parts, so that one client written in two ways is one client. */
export interface ClientRules {
  readonly clients?: readonly (readonly string[])[];
  readonly representedParties?: readonly (readonly string[])[];
}

/** Parses an allow-list; what is no identifier is reported with its place, relative to the list. */
export function parseAllowList(
  { clients, representedParties }: AllowList,
  report: (place: string, message: string) => void,
): ClientRules {
  const parse = (kind: IdentifierKind, list: string, texts: readonly string[]) =>
    texts.map((text, index) => {
      try {
        return parseIdentifier(kind, text);
      } catch (error) {
        report(`${list}.${index}`, `${JSON.stringify(text)} is no identifier: ${(error as TypeError).message}`);
        return [];
      }
    });
  return {
    ...(clients && { clients: parse('clientPattern', 'clients', clients) }),
    ...(representedParties && {
      representedParties: parse('representedParty', 'representedParties', representedParties),
    }),
  };
}
