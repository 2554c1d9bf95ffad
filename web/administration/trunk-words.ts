import type { TrunkStanding, TrunkTrouble } from '../../server/panel/api/admin-api.ts';
import type { Language } from '../plural.ts';
import { isAway } from './trunk-health.ts';

type Said = Readonly<Record<Language, string>>;
type Registration = NonNullable<TrunkStanding['registration']>;
type Host = TrunkStanding['hosts'][number];

/** In which language, and how an instant is written. */
export interface TrunkStyle {
  readonly language: Language;
  readonly moment: (instant: string) => string;
}

/** What is wrong, and what to do about it. */
const TROUBLES: Readonly<Record<string, Said>> = {
  'wrong-credentials': {
    pl: 'Operator nie przyjmuje nazwy użytkownika lub hasła. Sprawdź register.user i register.password.',
    en: 'The provider does not accept the user name or the password. Check register.user and register.password.',
  },
  'other-realm': {
    pl: 'Operator pyta o hasło dla innej domeny niż podana w register.realm.',
    en: 'The provider asks for the password of another realm than register.realm.',
  },
  'unknown-challenge': {
    pl: 'Operator pyta o hasło w sposób, którego ten serwer nie zna.',
    en: 'The provider asks for the password in a way that this server does not know.',
  },
  'endless-challenges': {
    pl: 'Operator pyta o hasło bez końca.',
    en: 'The provider asks for the password without end.',
  },
  'wrong-proof': {
    pl: 'Serwer nie dowiódł, że zna hasło: to może nie być operator.',
    en: 'The server did not prove that it knows the password: it may not be the provider.',
  },
  'no-time': {
    pl: 'Operator przyjmuje rejestrację, ale na zero sekund.',
    en: 'The provider accepts the registration, but for no time at all.',
  },
  'no-interval': {
    pl: 'Operator chce dłuższej rejestracji, ale nie mówi, jak długiej.',
    en: 'The provider wants a longer registration and does not say how long.',
  },
  'no-answer': {
    pl: 'Nie ma odpowiedzi. Sprawdź adres, port i zaporę.',
    en: 'There is no answer. Check the address, the port and the firewall.',
  },
  unreachable: {
    pl: 'Nie można się połączyć. Sprawdź adres, port i certyfikaty.',
    en: 'It cannot be reached. Check the address, the port and the certificates.',
  },
  'connection-broke': {
    pl: 'Połączenie z operatorem zostało zerwane.',
    en: 'The connection to the provider broke.',
  },
  'no-address': {
    pl: 'DNS nie zna takiej nazwy. Sprawdź, czy jest dobrze zapisana.',
    en: 'The DNS knows no such name. Check how it is written.',
  },
  'dns-silent': {
    pl: 'Serwer DNS nie odpowiada.',
    en: 'The DNS server does not answer.',
  },
  'came-to-nothing': {
    pl: 'Rejestracja albo rozmowa przez ten host się nie powiodła.',
    en: 'A registration or a call over this host came to nothing.',
  },
};

/** What statuses mean that a provider answers with. */
const STATUSES: Readonly<Record<number, Said>> = {
  403: {
    pl: 'Operator odmawia. Sprawdź, czy konto jest czynne i czy wolno mu korzystać z tego adresu.',
    en: 'The provider refuses. Check that the account is active and may be used from this address.',
  },
  404: {
    pl: 'Operator nie zna takiego użytkownika. Sprawdź register.user.',
    en: 'The provider knows no such user. Check register.user.',
  },
  408: { pl: 'Operator nie zdążył odpowiedzieć.', en: 'The provider did not answer in time.' },
  503: { pl: 'Operator chwilowo nie działa.', en: 'The provider is out of service for now.' },
};

/** What is wrong with a registration or a host, for people. What only the provider can say stands in brackets. */
export function troubleText({ code, status, detail }: TrunkTrouble, language: Language): string {
  if (code === 'status' && status !== null) {
    const said = STATUSES[status === 604 ? 404 : status];
    // Of a ping the server tells the status in words of its own, which are English.
    const answer = detail.startsWith(String(status)) ? detail : String(status);
    if (said !== undefined) return `${said[language]} (${answer})`;
    return { pl: `Operator odpowiada: ${answer}`, en: `The provider answers: ${answer}` }[language];
  }
  return TROUBLES[code]?.[language] ?? detail;
}

/** From when to when a registration holds, and what comes next. */
export function registrationTimes(
  { state, since, registeredUntil, nextTryAt }: Registration,
  { language, moment }: TrunkStyle,
): string {
  const words = {
    pl: { since: 'od', until: 'ważna do', refresh: 'odnowienie', again: 'następna próba' },
    en: { since: 'since', until: 'valid until', refresh: 'refreshed at', again: 'next try at' },
  }[language];
  const waiting = { pl: 'czeka na odpowiedź', en: 'waits for an answer' }[language];
  const next = state === 'registered' ? words.refresh : words.again;
  return [
    `${words.since} ${moment(since)}`,
    ...(registeredUntil === null ? [] : [`${words.until} ${moment(registeredUntil)}`]),
    ...(nextTryAt === null
      ? state === 'stopped' || state === 'registered'
        ? []
        : [waiting]
      : [`${next} ${moment(nextTryAt)}`]),
  ].join(', ');
}

/** Where a host is, since when it has been as it is, and how soon it answers. */
export function hostText(host: Host, { language, moment }: TrunkStyle): string {
  const { address, since, roundTripMs, use } = host;
  const words = {
    pl: { nowhere: 'bez adresu', first: 'pierwszy wybór', spare: 'zapasowy', since: 'od' },
    en: { nowhere: 'no address', first: 'first choice', spare: 'spare', since: 'since' },
  }[language];
  const answers = { pl: 'odpowiada w', en: 'answers in' }[language];
  return [
    address ?? words.nowhere,
    use === 'preferred' ? words.first : words.spare,
    ...(since === null ? [] : [`${words.since} ${moment(since)}`]),
    ...(roundTripMs === null ? [] : [`${answers} ${roundTripMs < 1 ? '< 1' : roundTripMs} ms`]),
  ].join(', ');
}

/** What is wrong with a host; null while calls can go there. */
export function hostTrouble(host: Host, language: Language): string | null {
  return host.trouble === null || !isAway(host) ? null : troubleText(host.trouble, language);
}
