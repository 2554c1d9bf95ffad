import type { Language } from '../../reservation/reservation.ts';
import type { AccountNoticeKind } from '../notice.ts';

/** One e-mail about an account. `{time}` in a text is how long the link holds. */
interface AccountWords {
  readonly subject: string;
  readonly eyebrow: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Label of the link; empty when there is none. */
  readonly button: string;
  /** Below the button. */
  readonly after: readonly string[];
}

const POLISH: Readonly<Record<AccountNoticeKind, AccountWords>> = {
  'confirm-address': {
    subject: 'Potwierdzenie adresu e-mail',
    eyebrow: 'Nowe konto',
    heading: 'Prosimy potwierdzić adres e-mail',
    paragraphs: [
      'ktoś założył konto organizatora telekonferencji z tym adresem. Aby z niego korzystać, wystarczy potwierdzić adres.',
    ],
    button: 'Potwierdź adres',
    after: [
      'Link jest ważny jeszcze {time}.',
      'Jeśli to nie Ty, nic nie trzeba robić: bez potwierdzenia konto zostanie usunięte.',
    ],
  },
  'account-exists': {
    subject: 'To konto już istnieje',
    eyebrow: 'Konto',
    heading: 'Ten adres ma już konto',
    paragraphs: [
      'ktoś próbował założyć konto z tym adresem e-mail, ale takie konto już istnieje. Można się po prostu zalogować.',
    ],
    button: 'Zaloguj się',
    after: [
      'Hasło można ustawić na nowo na stronie logowania.',
      'Jeśli to nie Ty, nic nie trzeba robić: w koncie nic się nie zmieniło.',
    ],
  },
  'reset-password': {
    subject: 'Nowe hasło',
    eyebrow: 'Hasło',
    heading: 'Ustawienie nowego hasła',
    paragraphs: ['otrzymaliśmy prośbę o nowe hasło do konta z tym adresem e-mail.'],
    button: 'Ustaw nowe hasło',
    after: [
      'Link jest ważny jeszcze {time} i działa jeden raz.',
      'Jeśli to nie Ty, nic nie trzeba robić: dotychczasowe hasło nadal działa.',
    ],
  },
  'password-changed': {
    subject: 'Hasło zostało zmienione',
    eyebrow: 'Hasło',
    heading: 'Hasło zostało zmienione',
    paragraphs: [
      'hasło do Twojego konta zostało właśnie zmienione. Na innych urządzeniach trzeba zalogować się ponownie.',
    ],
    button: '',
    after: [
      'Jeśli to nie Ty, prosimy od razu ustawić nowe hasło na stronie logowania i zawiadomić administratora.',
    ],
  },
  'confirm-new-address': {
    subject: 'Potwierdzenie nowego adresu e-mail',
    eyebrow: 'Adres e-mail',
    heading: 'Prosimy potwierdzić nowy adres',
    paragraphs: [
      'ten adres e-mail ma zostać adresem konta organizatora telekonferencji. Zmiana nastąpi po potwierdzeniu.',
    ],
    button: 'Potwierdź nowy adres',
    after: [
      'Link jest ważny jeszcze {time}.',
      'Jeśli to nie Ty, nic nie trzeba robić: bez potwierdzenia adres się nie zmieni.',
    ],
  },
  'address-changed': {
    subject: 'Adres e-mail konta został zmieniony',
    eyebrow: 'Adres e-mail',
    heading: 'Adres konta został zmieniony',
    paragraphs: [
      'Twoje konto ma teraz inny adres e-mail. Na ten adres nie będą już przychodzić wiadomości o koncie.',
    ],
    button: '',
    after: ['Jeśli to nie Ty, prosimy niezwłocznie zawiadomić administratora.'],
  },
  'invited-to-konfa': {
    subject: 'Zaproszenie do panelu telekonferencji',
    eyebrow: 'Zaproszenie',
    heading: 'Twoje konto czeka',
    paragraphs: [
      'administrator założył dla Ciebie konto w panelu telekonferencji. Można w nim rezerwować telekonferencje i zapraszać uczestników.',
      'Aby zacząć, wystarczy ustawić hasło.',
    ],
    button: 'Ustaw hasło',
    after: ['Link jest ważny jeszcze {time} i działa jeden raz.'],
  },
};

const ENGLISH: Readonly<Record<AccountNoticeKind, AccountWords>> = {
  'confirm-address': {
    subject: 'Confirm your e-mail address',
    eyebrow: 'New account',
    heading: 'Please confirm your e-mail address',
    paragraphs: [
      'Somebody opened an account for conference calls with this address. Confirm the address to use it.',
    ],
    button: 'Confirm the address',
    after: [
      'The link works for another {time}.',
      'If it was not you, there is nothing to do: an account that is not confirmed is removed.',
    ],
  },
  'account-exists': {
    subject: 'You already have an account',
    eyebrow: 'Account',
    heading: 'This address already has an account',
    paragraphs: [
      'Somebody tried to open an account with this e-mail address, but there is one already. You can simply log in.',
    ],
    button: 'Log in',
    after: [
      'You can set a new password on the login page.',
      'If it was not you, there is nothing to do: nothing in your account has changed.',
    ],
  },
  'reset-password': {
    subject: 'Set a new password',
    eyebrow: 'Password',
    heading: 'Set a new password',
    paragraphs: ['We were asked for a new password for the account with this e-mail address.'],
    button: 'Set a new password',
    after: [
      'The link works for another {time}, and only once.',
      'If it was not you, there is nothing to do: your old password still works.',
    ],
  },
  'password-changed': {
    subject: 'Your password has been changed',
    eyebrow: 'Password',
    heading: 'Your password has been changed',
    paragraphs: [
      'The password of your account has just been changed. On other devices you need to log in again.',
    ],
    button: '',
    after: [
      'If it was not you, please set a new password on the login page at once and tell the administrator.',
    ],
  },
  'confirm-new-address': {
    subject: 'Confirm your new e-mail address',
    eyebrow: 'E-mail address',
    heading: 'Please confirm the new address',
    paragraphs: [
      'This e-mail address is to become the address of an account for conference calls. It changes once you confirm it.',
    ],
    button: 'Confirm the new address',
    after: [
      'The link works for another {time}.',
      'If it was not you, there is nothing to do: without confirmation the address stays as it is.',
    ],
  },
  'address-changed': {
    subject: 'The e-mail address of your account has been changed',
    eyebrow: 'E-mail address',
    heading: 'The address of your account has been changed',
    paragraphs: [
      'Your account has another e-mail address now. Messages about it no longer come to this one.',
    ],
    button: '',
    after: ['If it was not you, please tell the administrator at once.'],
  },
  'invited-to-konfa': {
    subject: 'Your account for conference calls',
    eyebrow: 'Invitation',
    heading: 'Your account is waiting',
    paragraphs: [
      'An administrator has made an account for you. With it you can book conference calls and invite people to them.',
      'All that is missing is a password.',
    ],
    button: 'Set a password',
    after: ['The link works for another {time}, and only once.'],
  },
};

/** The words of an e-mail about an account. */
export function accountWords(kind: AccountNoticeKind, language: Language): AccountWords {
  return { pl: POLISH, en: ENGLISH }[language][kind];
}

/** `Dzień dobry, Anna Nowak,` or without the name when it is empty. */
export function accountGreeting(name: string, language: Language): string {
  const hello = { pl: 'Dzień dobry', en: 'Hello' }[language];
  return name === '' ? `${hello},` : `${hello}, ${name},`;
}

/** Why one gets the message. `publicUrl`: where the panel is. */
export function accountFooter(
  language: Language,
  { brand, publicUrl }: { readonly brand: string; readonly publicUrl: string },
): readonly string[] {
  const sent = {
    pl: `Wiadomość wysłana automatycznie przez ${brand} (${publicUrl}). Prosimy na nią nie odpowiadać.`,
    en: `Sent automatically by ${brand} (${publicUrl}). Please do not answer it.`,
  };
  return [sent[language]];
}
