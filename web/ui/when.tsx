import type { JSX } from 'preact';

import { useLanguage } from '../language.tsx';
import {
  dateTime,
  msOf,
  range,
  viewerZone,
  zonePlace,
  zonesDiffer,
  type Instant,
} from '../time.ts';

/** A moment in the zone it was planned in, and below it in the viewer's when that shows another time. */
export function When({ at, zone }: { readonly at: Instant; readonly zone: string }): JSX.Element {
  const { language } = useLanguage();
  const own = viewerZone();
  const iso = new Date(msOf(at)).toISOString();
  return (
    <span class="when">
      <time dateTime={iso}>{dateTime(at, { language, zone })}</time>
      {zonesDiffer(at, zone, own) ? (
        <span class="when-own">
          {zonePlace(own)}: <time dateTime={iso}>{dateTime(at, { language, zone: own })}</time>
        </span>
      ) : null}
    </span>
  );
}

/** From and to, in the zone it was planned in, and below it in the viewer's when that shows another time. */
export function WhenRange({
  from,
  to,
  zone,
}: {
  readonly from: Instant;
  readonly to: Instant;
  readonly zone: string;
}): JSX.Element {
  const { language } = useLanguage();
  const own = viewerZone();
  const differs = zonesDiffer(from, zone, own) || zonesDiffer(to, zone, own);
  return (
    <span class="when">
      <span>{range(from, to, { language, zone })}</span>
      {differs ? (
        <span class="when-own">
          {zonePlace(own)}: {range(from, to, { language, zone: own })}
        </span>
      ) : null}
    </span>
  );
}
