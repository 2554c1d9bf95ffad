/** The code that Node gives an error, such as `ECONNREFUSED`; `otherwise` when it has none. */
export function errorCode(error: unknown, otherwise: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : otherwise;
}
