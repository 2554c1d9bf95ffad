/** Origins that a browser on our own pages names: as configured, and as it was reached by `scheme` and Host header. */
export function ownOriginsOf(
  scheme: string,
  host: string | undefined,
  publicUrl: string | null,
): readonly string[] {
  const asReached = host === undefined ? [] : [`${scheme}://${host}`];
  return publicUrl === null ? asReached : [new URL(publicUrl).origin, ...asReached];
}

/** What the Origin header says of who asks; programs send none (Fetch §3.2, RFC 6455 §10.2). */
export function originVerdict(
  origin: string | null,
  ownOrigins: readonly string[],
): 'own' | 'none' | 'foreign' {
  if (origin === null) return 'none';
  return ownOrigins.includes(origin) ? 'own' : 'foreign';
}
