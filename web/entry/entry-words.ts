/** Words that several pages before the login say. */
export const entryWords = {
  email: { pl: 'Adres e-mail', en: 'E-mail address' },
  password: { pl: 'Hasło', en: 'Password' },
  newPassword: { pl: 'Nowe hasło', en: 'New password' },
  name: { pl: 'Imię i nazwisko', en: 'Name' },
  nameHint: {
    pl: 'Uczestnicy zobaczą je jako organizatora.',
    en: 'Participants see it as the organiser.',
  },
  passwordHint: {
    pl: (characters: number) => `Co najmniej ${characters} znaków. Może to być całe zdanie.`,
    en: (characters: number) => `At least ${characters} characters. A whole sentence will do.`,
  },
  toLogin: { pl: 'Przejdź do logowania', en: 'Go to the login' },
  asSomebodyElse: {
    pl: 'Masz już konto?',
    en: 'You already have an account?',
  },
} as const;
