import type { AccountRefusalCode } from '../account/account-refusal.ts';
import type { Language } from '../reservation/reservation.ts';

type Sentences = Readonly<Record<Language, string>>;

/** Sentences for what accounts refuse. `{seconds}` and the like stand for facts of the problem. */
export const ACCOUNT_PROBLEM_WORDS: Readonly<Record<AccountRefusalCode, Sentences>> = {
  'bad-login': {
    pl: 'Adres e-mail lub hasło się nie zgadza.',
    en: 'The e-mail address or the password is not right.',
  },
  'address-not-confirmed': {
    pl: 'Adres e-mail nie został jeszcze potwierdzony. Kliknij link w wiadomości od nas.',
    en: 'The e-mail address is not confirmed yet. Click the link in the message from us.',
  },
  suspended: {
    pl: 'To konto zostało zawieszone. Skontaktuj się z administratorem.',
    en: 'This account is suspended. Please contact the administrator.',
  },
  'link-expired': {
    pl: 'Ten link wygasł albo został już użyty. Poproś o nowy.',
    en: 'This link has expired or was used already. Please ask for a new one.',
  },
  'weak-password': {
    pl: 'To hasło nie jest bezpieczne. Wybierz inne.',
    en: 'This password is not safe. Choose another one.',
  },
  'bad-email': {
    pl: 'To nie jest poprawny adres e-mail.',
    en: 'This is not a valid e-mail address.',
  },
  'name-missing': { pl: 'Podaj imię i nazwisko lub nazwę.', en: 'Please enter a name.' },
  'unknown-zone': { pl: 'Nie ma takiej strefy czasowej.', en: 'There is no such time zone.' },
  'too-many-tries': {
    pl: 'Zbyt wiele prób. Odczekaj chwilę i spróbuj ponownie.',
    en: 'Too many tries. Wait a while and try again.',
  },
  busy: {
    pl: 'Serwer jest chwilowo zajęty. Spróbuj ponownie za chwilę.',
    en: 'The server is busy. Try again in a moment.',
  },
  'sign-up-closed': {
    pl: 'Na tym serwerze nie można samodzielnie założyć konta.',
    en: 'Accounts cannot be opened on this server.',
  },
  'last-administrator': {
    pl: 'To jedyny administrator. Najpierw nadaj tę rolę komuś innemu.',
    en: 'This is the only administrator. Give somebody else the role first.',
  },
  'wrong-password': {
    pl: 'Obecne hasło się nie zgadza.',
    en: 'The present password is not right.',
  },
  'address-taken': {
    pl: 'Konto z tym adresem e-mail już istnieje.',
    en: 'There is an account with this e-mail address already.',
  },
  'scope-not-allowed': {
    pl: 'Zakres „admin” może mieć tylko token administratora.',
    en: 'Only an administrator’s token may have the scope “admin”.',
  },
  'too-many-tokens': {
    pl: 'Konto ma już {allowed} tokenów. Usuń niepotrzebne.',
    en: 'The account has {allowed} tokens already. Remove some that are not needed.',
  },
  'not-accepted-yet': {
    pl: 'Ta osoba nie przyjęła jeszcze zaproszenia.',
    en: 'This person has not accepted the invitation yet.',
  },
  'not-found': { pl: 'Nie ma takiej strony ani zasobu.', en: 'There is nothing at this address.' },
};

/** What is wrong with a new password, by `facts.reason`. `{shortest}`: of `accounts.passwordCharacters`. */
export const WEAK_PASSWORD_WORDS: Readonly<Record<string, Sentences>> = {
  'too-short': {
    pl: 'Hasło jest za krótkie. Najmniejsza liczba znaków: {shortest}.',
    en: 'The password is too short. It needs at least {shortest} characters.',
  },
  'too-long': {
    pl: 'Hasło jest za długie. Największa liczba znaków: {longest}.',
    en: 'The password is too long. It may have at most {longest} characters.',
  },
  'too-common': {
    pl: 'Takie hasła odgaduje się w pierwszej kolejności. Wybierz inne.',
    en: 'Such passwords are guessed first. Choose another one.',
  },
  'like-your-address': {
    pl: 'Hasło nie może być Twoim adresem ani nazwą. Wybierz inne.',
    en: 'The password must not be your address or name. Choose another one.',
  },
};
