import type { ProblemWords } from './problem-words.ts';

/** Sentences for what webhooks refuse. */
export const WEBHOOK_PROBLEM_WORDS: ProblemWords = {
  'webhooks-off': {
    pl: 'Administrator wyłączył powiadamianie programów.',
    en: 'The administrator has switched webhooks off.',
  },
  'too-many-webhooks': {
    pl: 'Masz już największą dozwoloną liczbę webhooków. Usuń któryś.',
    en: 'You already have as many webhooks as are allowed. Delete one.',
  },
  'bad-url': {
    pl: 'Podaj pełny adres zaczynający się od https://, bez nazwy użytkownika i hasła.',
    en: 'Give a full address that begins with https://, without a user name or password.',
  },
  'insecure-url': {
    pl: 'Adres musi zaczynać się od https://.',
    en: 'The address must begin with https://.',
  },
  'private-address': {
    pl: 'Ten adres leży w sieci prywatnej i nie może odbierać zdarzeń.',
    en: 'This address is in a private network and cannot receive events.',
  },
};
