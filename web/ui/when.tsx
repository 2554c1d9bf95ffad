import type { JSX } from 'preact';

import { useLanguage } from '../language.tsx';
import { range, viewerZone, zonePlace, zonesDiffer, type Instant } from '../time.ts';

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
