const BROWSERS = [
  ['Edge', /\bEdg(?:A|iOS)?\//u],
  ['Opera', /\bOPR\//u],
  ['Firefox', /\b(?:Firefox|FxiOS)\//u],
  ['Chrome', /\b(?:Chrome|CriOS)\//u],
  ['Safari', /\bSafari\//u],
] as const;

const SYSTEMS = [
  ['iPhone', /\biPhone\b/u],
  ['iPad', /\biPad\b/u],
  ['Android', /\bAndroid\b/u],
  ['Windows', /\bWindows\b/u],
  ['macOS', /\bMacintosh\b/u],
  ['ChromeOS', /\bCrOS\b/u],
  ['Linux', /\bLinux\b/u],
] as const;

/** "Firefox, Windows" of what a browser says of itself; as it says it (cut) when that is not clear. */
export function deviceName(userAgent: string): string {
  const found = [BROWSERS, SYSTEMS].flatMap((names) =>
    names.filter(([, pattern]) => pattern.test(userAgent)).slice(0, 1),
  );
  if (found.length > 0) return found.map(([name]) => name).join(', ');
  return userAgent.trim() === '' ? '?' : userAgent.slice(0, 60);
}
