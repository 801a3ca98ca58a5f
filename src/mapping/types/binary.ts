import type { BinaryField } from '../../model/field.ts';
import { asText, type CompileType, refuse } from './value-type.ts';

/** Bytes as base64 (RFC 4648, 4) or hexadecimal digits; publicly base64 with padding and without white space. */
export const compileBinary: CompileType<BinaryField> = ({ encoding = 'base64', maxBytes }) => {
  const check = (base64: string): string => {
    const bytes = byteLength(base64);
    if (maxBytes !== undefined && bytes > maxBytes) refuse(`at most ${maxBytes} bytes`);
    return base64;
  };
  const fromLegacy = (text: string): string => {
    const compact = text.replace(/[ \t\r\n]+/g, '');
    return encoding === 'hex' ? hexToBase64(compact) : requireBase64(compact);
  };
  return {
    collapses: true,
    decode: (text) => check(fromLegacy(text)),
    encode: (value) => (encoding === 'hex' ? base64ToHex(String(value)) : String(value)),
    check: (value) => check(requireBase64(asText(value, 'bytes as base64'))),
    parse: (text) => text,
  };
};

/** The alphabet, the padding, and no bits behind the last byte: one form for the same bytes. */
function requireBase64(text: string): string {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) refuse('bytes as base64');
  const last = text.slice(-4);
  if (btoa(atob(last)) !== last) refuse('bytes as base64 without stray bits behind the last byte');
  return text;
}

function byteLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

function hexToBase64(hex: string): string {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(hex)) refuse('bytes as pairs of hexadecimal digits');
  return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}

function base64ToHex(base64: string): string {
  return Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()).join('');
}
