import type { PlainUtteranceName } from './plain-utterance.ts';

/** Polish: one recording for each utterance without parameters. */
export const PHRASES_PL: Readonly<Record<PlainUtteranceName, string>> = {
  welcome: 'Witamy w systemie telekonferencji.',
  'menu-join': 'Aby dołączyć do telekonferencji, naciśnij jeden.',
  'key-unknown': 'Nie ma takiej opcji.',
  'nothing-keyed': 'Nie naciśnięto żadnego klawisza.',
  goodbye: 'Dziękujemy. Do usłyszenia.',

  'ask-number': 'Podaj numer telekonferencji i zakończ krzyżykiem.',
  'number-unknown': 'Nie ma telekonferencji o takim numerze.',
  'ask-pin': 'Podaj PIN i zakończ krzyżykiem.',
  'pin-wrong': 'Ten PIN jest nieprawidłowy.',
  'too-many-tries': 'Wykorzystano wszystkie próby.',
  'refused-for-a-while':
    'Było zbyt wiele błędnych prób. Dostęp jest chwilowo zablokowany. Prosimy zadzwonić później.',
  'waiting-for-start': 'Proszę czekać. Połączymy cię, gdy tylko pokój zostanie otwarty.',
  'reservation-over': 'Rezerwacja tej telekonferencji już się skończyła.',
  'room-locked': 'Moderator zamknął wejście do tego pokoju.',
  'room-full': 'Pokój jest pełny. Prosimy zadzwonić później.',
  'room-full-moderator':
    'Pokój jest pełny. Aby usunąć osobę, która weszła ostatnia, i zająć jej miejsce, naciśnij jeden.',
  'entered-first': 'Jesteś pierwszą osobą w pokoju. Czekamy na pozostałych.',
  'you-are-moderator': 'Jesteś moderatorem.',

  'create-not-allowed': 'Z tego telefonu nie można utworzyć telekonferencji.',
  'new-number-taken': 'Ten numer jest już zajęty.',

  'room-menu': 'Menu pokoju. Pomoc: gwiazdka. Wyjście: osiem.',
  'menu-left': 'Powrót do rozmowy.',
  'microphone-off': 'Twój mikrofon jest wyłączony.',
  'microphone-on': 'Twój mikrofon jest włączony.',
  'muted-by-moderator': 'Moderator wyłączył ci mikrofon.',
  'hand-raised': 'Ręka podniesiona.',
  'hand-lowered': 'Ręka opuszczona.',
  'lock-on': 'Wejście do pokoju jest zamknięte.',
  'lock-off': 'Wejście do pokoju jest otwarte.',
  'last-removed': 'Usunięto osobę, która weszła ostatnia.',
  'nobody-to-remove': 'Nie ma kogo usunąć.',
  'volume-at-limit': 'To już skrajna głośność.',
  'moderator-only': 'Ta opcja jest tylko dla moderatora.',
  'ask-extension':
    'Aby przedłużyć rezerwację o piętnaście minut, naciśnij jeden. O trzydzieści minut: dwa. O sześćdziesiąt minut: trzy.',
  'extension-refused': 'Tej rezerwacji nie można przedłużyć.',
  'alone-again': 'Jesteś teraz jedyną osobą w pokoju.',

  'reservation-ended': 'Rezerwacja dobiegła końca. Telekonferencja jest zakończona.',
  'removed-by-moderator': 'Moderator usunął cię z telekonferencji.',
  'ended-by-moderator': 'Moderator zakończył telekonferencję.',
  'room-fault': 'Przepraszamy, wystąpił błąd. Prosimy zadzwonić ponownie.',
};
