import type { EncodeContext } from '../../model/contracts.ts';
import type { Auth } from '../../model/definition.ts';
import type { XmlNode } from '../../syntax/xml-writer.ts';
import type { SoapVersion } from './soap-version.ts';

type UsernameToken = Extract<Auth, { readonly scheme: 'usernameToken' }>;

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const WSSE = `${OASIS}-wssecurity-secext-1.0.xsd`;
const WSU = `${OASIS}-wssecurity-utility-1.0.xsd`;
const TOKEN_PROFILE = `${OASIS}-username-token-profile-1.0`;
const BASE64_BINARY = `${OASIS}-soap-message-security-1.0#Base64Binary`;

/** 16 bytes: no nonce comes twice within the time that a server remembers them. */
const NONCE_BYTES = 16;

/** How long a digest's message is valid, seconds: the freshness limit that UsernameToken Profile 1.1.1, 3.1 recommends. */
const LIFETIME_SECONDS = 300;

/**
 * The `wsse:Security` header block with a UsernameToken (OASIS UsernameToken Profile 1.1.1). As text, the password is
 * sent as it is, so the endpoint must be reached over TLS or a closed network. As digest,
 * Base64(SHA-1(nonce + created + password)) is sent with a fresh nonce and a timestamp that expires.
 */
export async function usernameTokenHeader(
  auth: UsernameToken,
  version: SoapVersion,
  context: EncodeContext,
): Promise<XmlNode> {
  const user = context.resolve(auth.user);
  const password = context.resolve(auth.password);
  const content =
    auth.passwordType === 'digest'
      ? await digestToken(user, password, context)
      : [token(user, passwordNode('PasswordText', password))];
  return {
    name: 'wsse:Security',
    attributes: [
      ['xmlns:wsse', WSSE],
      ['xmlns:wsu', WSU],
      ['soap:mustUnderstand', version.mustUnderstand],
    ],
    content,
  };
}

async function digestToken(user: string, password: string, { now, random }: EncodeContext): Promise<XmlNode[]> {
  const nonce = random(new Uint8Array(NONCE_BYTES));
  const created = new Date(now()).toISOString();
  const expires = new Date(now() + LIFETIME_SECONDS * 1000).toISOString();
  const digest = await passwordDigest(nonce, created, password);
  return [
    { name: 'wsu:Timestamp', content: [createdNode(created), { name: 'wsu:Expires', content: expires }] },
    token(
      user,
      passwordNode('PasswordDigest', digest),
      { name: 'wsse:Nonce', attributes: [['EncodingType', BASE64_BINARY]], content: base64(nonce) },
      createdNode(created),
    ),
  ];
}

/** UsernameToken Profile 1.1.1, 3.1: the nonce's bytes, then created and password in UTF-8. SHA-1 is the profile's choice. */
async function passwordDigest(nonce: Uint8Array, created: string, password: string): Promise<string> {
  const rest = new TextEncoder().encode(created + password);
  const input = new Uint8Array(nonce.length + rest.length);
  input.set(nonce);
  input.set(rest, nonce.length);
  return base64(new Uint8Array(await crypto.subtle.digest('SHA-1', input)));
}

function token(user: string, ...others: XmlNode[]): XmlNode {
  return { name: 'wsse:UsernameToken', content: [{ name: 'wsse:Username', content: user }, ...others] };
}

function passwordNode(type: 'PasswordText' | 'PasswordDigest', content: string): XmlNode {
  return { name: 'wsse:Password', attributes: [['Type', `${TOKEN_PROFILE}#${type}`]], content };
}

function createdNode(created: string): XmlNode {
  return { name: 'wsu:Created', content: created };
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
