import parsePhoneNumber from 'libphonenumber-js/min';

import type { Config } from './config/config.ts';
import type { JoinLinks } from './guest/join-links.ts';
import type { AccessNumberText, FactsOf, FactsReader, Organiser } from './notice/notice.ts';
import type { ProfileId, Role } from './reservation/reservation.ts';

/** Shortest number of the public network; shorter ones are internal and dialled as they stand. */
const SHORTEST_PUBLIC_DIGITS = 7;

/** The numbers that lead to the menu, as people write them; those that anybody may call come first. */
export function accessNumberTexts(
  config: Pick<Config, 'accessNumbers' | 'numbers'>,
): readonly AccessNumberText[] {
  return config.accessNumbers
    .filter(({ room }) => room === null)
    .map(({ number, onNetOnly }): AccessNumberText => {
      const reach = onNetOnly ? 'on-net' : 'anybody';
      const whole = wholeNumber(number, config.numbers.countryCode);
      const known = whole === null ? undefined : parsePhoneNumber(whole);
      return { shown: known?.formatNational() ?? number, dial: whole ?? number, reach };
    })
    .toSorted((one, other) => Number(one.reach !== 'anybody') - Number(other.reach !== 'anybody'));
}

/** With `+` and country code; null for internal numbers. */
function wholeNumber(number: string, countryCode: string): string | null {
  if (number.startsWith('+')) return number;
  return number.length < SHORTEST_PUBLIC_DIGITS ? null : `+${countryCode}${number}`;
}

/** Makes what messages about a reservation say beside the reservation itself. */
export function createFacts(parts: {
  readonly config: Pick<Config, 'accessNumbers' | 'numbers'>;
  readonly publicUrl: string;
  readonly organiserOf: (profileId: ProfileId) => Organiser | null;
  readonly joinLinks: Pick<JoinLinks, 'urlFor'>;
}): FactsOf {
  const accessNumbers = accessNumberTexts(parts.config);
  return (reservation, reader) => ({
    reservation,
    organiser: parts.organiserOf(reservation.profileId),
    accessNumbers,
    ...linksFor(reader, reservation.reservationId, parts.joinLinks),
    panelUrl: `${parts.publicUrl}/conferences/${reservation.reservationId}`,
  });
}

function linksFor(
  reader: FactsReader,
  reservationId: string,
  joinLinks: Pick<JoinLinks, 'urlFor'>,
): Pick<ReturnType<FactsOf>, 'joinUrl' | 'moderatorUrl'> {
  if (reader === 'phone') return { joinUrl: '', moderatorUrl: null };
  const urlOf = (role: Role, person: string | null): string =>
    joinLinks.urlFor({ reservationId, role, person });
  return reader === 'organiser'
    ? { joinUrl: urlOf('participant', null), moderatorUrl: urlOf('moderator', null) }
    : { joinUrl: urlOf(reader.role, reader.person), moderatorUrl: null };
}
