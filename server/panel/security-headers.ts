import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_SECONDS = 31_536_000;

/** What our pages may ask of the browser; nothing else, and no page within ours anything. */
const PERMISSIONS = [
  ...['microphone=(self)', 'speaker-selection=(self)', 'screen-wake-lock=(self)'],
  ...['camera=()', 'display-capture=()', 'geolocation=()', 'midi=()', 'payment=()', 'usb=()'],
].join(', ');

/**
 * Headers of every answer: nothing but our own scripts and styles runs, nobody frames us, and no page tells others the
 * address it was opened at, as links carry tokens. `publicUrl` decides whether browsers are told to keep to https.
 */
export function securityHeaders(publicUrl: string | null): readonly RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'", ({ headers }) => ownSockets(headers.host, publicUrl)],
          // Sound that the page makes and hears: no address is ever in it.
          mediaSrc: ["'self'", 'blob:', 'mediastream:'],
          fontSrc: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
        },
      },
      strictTransportSecurity:
        publicUrl?.startsWith('https:') === true ? { maxAge: YEAR_SECONDS } : false,
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', PERMISSIONS);
      next();
    },
  ];
}

/** Our own WebSockets by name: browsers of some years ago do not take them for `'self'` (CSP Level 3 §6.7.2.8). */
function ownSockets(host: string | undefined, publicUrl: string | null): string {
  if (publicUrl !== null) return new URL(publicUrl).origin.replace(/^http/u, 'ws');
  // What else a client may write there must not become a part of the policy.
  if (host === undefined || !/^[\w.:[\]-]{1,260}$/u.test(host)) return "'self'";
  return `ws://${host} wss://${host}`;
}
