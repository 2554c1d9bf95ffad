import type { Language } from '../reservation/reservation.ts';

/** Sentences by problem code. `{allowed}` and the like stand for facts of the problem. */
export type ProblemWords = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** Sentences for what the panel itself refuses. */
export const PANEL_PROBLEM_WORDS: ProblemWords = {
  'bad-input': {
    pl: 'Niektóre pola wymagają poprawy.',
    en: 'Some fields need to be corrected.',
  },
  'bad-json': {
    pl: 'Treść żądania nie jest poprawnym dokumentem JSON.',
    en: 'The body of the request is not valid JSON.',
  },
  'bad-request': { pl: 'Żądanie jest niepoprawne.', en: 'The request is not valid.' },
  'bad-cursor': {
    pl: 'Ta strona listy już nie istnieje. Zacznij od początku.',
    en: 'This page of the list no longer exists. Start again from the beginning.',
  },
  'not-found': { pl: 'Nie ma takiej strony ani zasobu.', en: 'There is nothing at this address.' },
  'not-banned': {
    pl: 'Ten adres nie jest już zablokowany.',
    en: 'This address is not banned any more.',
  },
  'method-not-allowed': {
    pl: 'Ten adres nie przyjmuje takich żądań.',
    en: 'This address does not take such requests.',
  },
  'not-logged-in': { pl: 'Zaloguj się, aby przejść dalej.', en: 'Log in to go on.' },
  'bad-token': {
    pl: 'Token dostępu jest nieważny lub wygasł.',
    en: 'The access token is not valid or has expired.',
  },
  'scope-missing': {
    pl: 'Token dostępu nie ma potrzebnego zakresu.',
    en: 'The access token lacks the scope that this needs.',
  },
  'session-needed': {
    pl: 'Tę czynność można wykonać tylko po zalogowaniu w przeglądarce.',
    en: 'This can only be done after logging in with a browser.',
  },
  'administrator-only': {
    pl: 'To może zrobić tylko administrator.',
    en: 'Only an administrator may do this.',
  },
  csrf: {
    pl: 'Sesja w tej karcie jest nieaktualna. Odśwież stronę i spróbuj ponownie.',
    en: 'The session of this tab is out of date. Reload the page and try again.',
  },
  'wrong-origin': {
    pl: 'Żądanie przyszło z innej strony i zostało odrzucone.',
    en: 'The request came from another site and was refused.',
  },
  'body-too-large': { pl: 'Żądanie jest zbyt duże.', en: 'The request is too large.' },
  'unsupported-media-type': {
    pl: 'Treść żądania musi być typu application/json.',
    en: 'The body of the request must be application/json.',
  },
  'bad-idempotency-key': {
    pl: 'Nagłówek Idempotency-Key musi mieć od 1 do 200 znaków ASCII bez spacji.',
    en: 'The header Idempotency-Key must be 1 to 200 ASCII characters without blanks.',
  },
  'key-reused': {
    pl: 'Tego klucza Idempotency-Key użyto już z inną treścią.',
    en: 'This Idempotency-Key was already used with another body.',
  },
  'version-differs': {
    pl: 'W międzyczasie ktoś zmienił tę rezerwację. Sprawdź jej obecny stan.',
    en: 'This reservation was changed in the meantime. Look at how it stands now.',
  },
  'version-missing': {
    pl: 'Zmiana wymaga nagłówka If-Match z wersją, której dotyczy.',
    en: 'A change needs the header If-Match with the version it is about.',
  },
  busy: {
    pl: 'Serwer jest chwilowo zajęty. Spróbuj ponownie za chwilę.',
    en: 'The server is busy. Try again in a moment.',
  },
  'storage-full': {
    pl: 'Serwer nie może teraz niczego zapisać. Zawiadom administratora.',
    en: 'The server cannot save anything now. Tell the administrator.',
  },
  unexpected: {
    pl: 'Wystąpił nieoczekiwany błąd. Zgłoś administratorowi jego numer: {id}.',
    en: 'Something unexpected went wrong. Tell the administrator its number: {id}.',
  },
  'booking-refused': {
    pl: 'Rezerwacja wymaga poprawy.',
    en: 'The reservation needs to be corrected.',
  },
  'already-over': {
    pl: 'Ta konferencja już się zakończyła.',
    en: 'This conference is already over.',
  },
  'not-resendable': {
    pl: 'Tej wiadomości nie można wysłać ponownie.',
    en: 'This message cannot be sent again.',
  },
  'too-often': {
    pl: 'Tę wiadomość właśnie wysłano ponownie. Można to zrobić raz na 5 minut.',
    en: 'This message was sent again just now. That can be done once in 5 minutes.',
  },
  'too-late': {
    pl: 'Na tę wiadomość jest już za późno.',
    en: 'It is too late for this message.',
  },
  'no-funds': {
    pl: 'Brakuje środków na SMS-y.',
    en: 'There is not enough money left for SMS.',
  },
  'too-many-contacts': {
    pl: 'Można mieć najwyżej {allowed} kontaktów.',
    en: 'There can be at most {allowed} contacts.',
  },
  'too-many-groups': {
    pl: 'Można mieć najwyżej {allowed} grup.',
    en: 'There can be at most {allowed} groups.',
  },
  'contact-empty': {
    pl: 'Podaj adres e-mail albo numer telefonu.',
    en: 'Give an e-mail address or a phone number.',
  },
  'contact-exists': {
    pl: 'Masz już kontakt z tym adresem lub numerem.',
    en: 'You already have a contact with this address or number.',
  },
  'group-exists': {
    pl: 'Masz już grupę o tej nazwie.',
    en: 'You already have a group of this name.',
  },
  'unknown-group': { pl: 'Nie ma takiej grupy.', en: 'There is no such group.' },
  'bad-email': { pl: 'To nie jest adres e-mail.', en: 'This is not an e-mail address.' },
  'bad-phone': {
    pl: 'To nie jest numer telefonu.',
    en: 'This is not a phone number.',
  },
  landline: {
    pl: 'To nie jest numer komórkowy, SMS-y do niego nie docierają.',
    en: 'This is not a mobile number, no SMS can reach it.',
  },
  'one-only': { pl: 'Podaj tylko jedną wartość.', en: 'Give one value only.' },
  'not-invited': {
    pl: 'Tej osoby nie ma wśród zaproszonych e-mailem.',
    en: 'This person is not among those invited by e-mail.',
  },
  'person-participates': {
    pl: 'Link jednej osoby daje rolę uczestnika. Moderatorzy mają wspólny link.',
    en: "A person's link makes them a participant. Moderators share a link.",
  },
  'seat-no-such-link': {
    pl: 'Ten link jest niepoprawny. Sprawdź, czy został skopiowany w całości.',
    en: 'This link is not valid. Check that it was copied as a whole.',
  },
  'seat-link-revoked': {
    pl: 'Ten link został unieważniony. Poproś organizatora o nowy.',
    en: 'This link was revoked. Ask the organiser for a new one.',
  },
  'seat-too-early': {
    pl: 'Do tej konferencji nie można jeszcze wejść. Spróbuj bliżej jej początku.',
    en: 'This conference cannot be joined yet. Try again closer to its start.',
  },
  'seat-over': {
    pl: 'Ta konferencja już się zakończyła albo została odwołana.',
    en: 'This conference is over or was cancelled.',
  },
  'seat-locked': {
    pl: 'Moderator zamknął pokój. Nikt więcej nie może teraz wejść.',
    en: 'A moderator has locked the room. Nobody else can join now.',
  },
  'seat-full': {
    pl: 'W pokoju nie ma już wolnych miejsc.',
    en: 'There are no free places left in the room.',
  },
  'seat-full-moderator': {
    pl: 'W pokoju nie ma już wolnych miejsc. Jako moderator możesz usunąć ostatnią osobę i wejść.',
    en: 'There are no free places left in the room. As a moderator you may remove the last one who joined and enter.',
  },
  'seat-moderator-only': {
    pl: 'Usunąć kogoś, aby wejść do pełnego pokoju, może tylko moderator.',
    en: 'Only a moderator may remove somebody to enter a full room.',
  },
  'seat-wrong-pin': {
    pl: 'Numer konferencji i PIN nie pasują do siebie.',
    en: 'The conference number and the PIN do not match.',
  },
  'seat-refused-for-a-while': {
    pl: 'Było zbyt wiele nieudanych prób. Spróbuj ponownie za kilka minut.',
    en: 'There were too many wrong attempts. Try again in a few minutes.',
  },
  'seat-server-stopping': {
    pl: 'Serwer właśnie jest uruchamiany ponownie. Spróbuj za chwilę.',
    en: 'The server is being restarted. Try again in a moment.',
  },
  'seat-webrtc-off': {
    pl: 'Na tym serwerze nie można dołączyć przez przeglądarkę. Zadzwoń, aby wejść.',
    en: 'This server cannot be joined by browser. Call to get in.',
  },
  required: { pl: 'To pole jest wymagane.', en: 'This field is required.' },
  'unknown-field': { pl: 'Nie ma takiego pola.', en: 'There is no such field.' },
  'wrong-type': { pl: 'To pole ma zły typ.', en: 'This field has the wrong type.' },
  'too-long': {
    pl: 'Najwyżej {allowed} znaków.',
    en: 'At most {allowed} characters.',
  },
  'too-short': {
    pl: 'Co najmniej {allowed} znaków.',
    en: 'At least {allowed} characters.',
  },
  'too-large': { pl: 'Najwyżej {allowed}.', en: 'At most {allowed}.' },
  'too-small': { pl: 'Co najmniej {allowed}.', en: 'At least {allowed}.' },
  'too-many': { pl: 'Najwyżej {allowed} pozycji.', en: 'At most {allowed} entries.' },
  'too-few': { pl: 'Co najmniej {allowed} pozycji.', en: 'At least {allowed} entries.' },
  'bad-choice': { pl: 'Wybierz jedną z wartości: {choices}.', en: 'Choose one of: {choices}.' },
  'bad-value': { pl: 'Ta wartość jest niepoprawna.', en: 'This value is not valid.' },
};
