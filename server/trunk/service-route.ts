import { plainHost } from '../runtime/literal-address.ts';
import type { SipResponse } from '../sip/message.ts';
import { parseNameAddress } from '../sip/name-address.ts';
import type { SendTarget } from '../sip/received-request.ts';
import { defaultPort } from '../sip/received-request.ts';
import { SipParseError } from '../sip/sip-parse-error.ts';
import { parseUri, uriParameter } from '../sip/sip-uri.ts';
import type { SipsUri } from '../sip/sip-uri.ts';

/** More than any provider has; a longer way is none. */
const MAX_ROUTES = 16;

/**
 * The way that calls of ours through a registrar are to take: the Service-Route of its 2xx, whole and in order (RFC 3608
 * §6.1). Empty when there is none, or when it cannot be taken as it stands: half of it would lead elsewhere.
 */
export function routeSetOf(response: SipResponse): readonly string[] {
  try {
    const routes = response.headers.list('service-route');
    return routes.length <= MAX_ROUTES && routes.every(isLoose) ? routes : [];
  } catch (error) {
    if (error instanceof SipParseError) return [];
    throw error;
  }
}

/**
 * Where a call with that route set is to be tried: the host that its first route names before the others. The trunk's
 * hosts stand as outbound proxies (RFC 3261 §8.1.2), so that a route never leads a call out of its trunk.
 */
export function inRouteOrder(
  targets: readonly SendTarget[],
  routeSet: readonly string[],
): readonly SendTarget[] {
  const [first] = routeSet;
  const uri = first === undefined ? null : sipUriOf(first);
  if (uri === null) return targets;
  const named = plainHost(uri.host);
  const isNamed = ({ flow, host, port }: SendTarget): boolean =>
    named === plainHost(host).toLowerCase() && (uri.port ?? defaultPort(flow)) === port;
  return [...targets.filter(isNamed), ...targets.filter((each) => !isNamed(each))];
}

/** RFC 3608 §5: each must be a loose router. Line ends cannot be in it, for headers are unfolded. */
function isLoose(route: string): boolean {
  const uri = sipUriOf(route);
  return uri !== null && uriParameter(uri, 'lr') !== undefined;
}

function sipUriOf(route: string): SipsUri | null {
  const uri = parseUri(parseNameAddress(route).uri);
  return uri.kind === 'sip' ? uri : null;
}
