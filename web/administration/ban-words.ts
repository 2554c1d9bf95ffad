import type { Language } from '../plural.ts';

const REASONS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'unknown-source': {
    pl: 'żądania z adresu, który nie należy do żadnego łącza',
    en: 'requests from an address that is on no trunk',
  },
  malformed: { pl: 'wiadomości, które nie są SIP', en: 'messages that are not SIP' },
  'no-such-number': {
    pl: 'rozmowy na numery, których nie ma',
    en: 'calls to numbers that do not exist',
  },
  flood: { pl: 'zbyt wiele wiadomości na sekundę', en: 'too many messages a second' },
  'bad-credentials': {
    pl: 'nieprawdziwe dane logowania z przeglądarki',
    en: 'false credentials of a browser',
  },
};

/** What a source was banned for; a code that nobody knows is shown as it is. */
export function banReason(why: string, language: Language): string {
  return REASONS[why]?.[language] ?? why;
}

/** The path that lifts a ban. The `/64` of a network is left out: proxies do strange things to an escaped slash. */
export function banPath(source: string): string {
  return `/admin/bans/${encodeURIComponent(source.replace(/\/64$/u, ''))}`;
}
