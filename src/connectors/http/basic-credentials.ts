/** RFC 7617, 2.1: the user-pass is encoded as UTF-8. */
export function basicCredentials(user: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`;
}
