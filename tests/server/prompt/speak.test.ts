import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LANGUAGES } from '../../../server/prompt/phrase-table.ts';
import { speak } from '../../../server/prompt/speak.ts';
import type { Language, Utterance } from '../../../server/prompt/utterance.ts';
import { transcript } from './transcript.ts';

const WARSAW = 'Europe/Warsaw';

function at(iso: string): number {
  return Date.parse(iso);
}

/** Each row: what is meant, and what is heard in Polish and English. */
type Rows = readonly (readonly [Utterance, string, string])[];

function expectRows(rows: Rows): void {
  for (const [utterance, pl, en] of rows) {
    assert.is(transcript(utterance, 'pl'), pl);
    assert.is(transcript(utterance, 'en'), en);
  }
}

function others(count: number): Utterance {
  return { say: 'entered-with', others: count };
}

test('says how many others are in the room with the right form of the noun', () => {
  expectRows([
    [others(1), 'Jest tu już jedna osoba.', 'There is one other person in the room.'],
    [others(2), 'Są tu już dwie osoby.', 'There are two other people in the room.'],
    [others(4), 'Są tu już cztery osoby.', 'There are four other people in the room.'],
    [others(5), 'Jest tu już pięć osób.', 'There are five other people in the room.'],
    [others(12), 'Jest tu już dwanaście osób.', 'There are twelve other people in the room.'],
    [others(14), 'Jest tu już czternaście osób.', 'There are fourteen other people in the room.'],
    [
      others(21),
      'Jest tu już dwadzieścia jeden osób.',
      'There are twenty one other people in the room.',
    ],
    [
      others(22),
      'Są tu już dwadzieścia dwie osoby.',
      'There are twenty two other people in the room.',
    ],
    [
      others(25),
      'Jest tu już dwadzieścia pięć osób.',
      'There are twenty five other people in the room.',
    ],
    [
      others(92),
      'Są tu już dziewięćdziesiąt dwie osoby.',
      'There are ninety two other people in the room.',
    ],
    [others(100), 'Jest tu już sto osób.', 'There are one hundred other people in the room.'],
    [
      others(112),
      'Jest tu już sto dwanaście osób.',
      'There are one hundred and twelve other people in the room.',
    ],
    [
      others(2203),
      'Są tu już dwa tysiące dwieście trzy osoby.',
      'There are two thousand two hundred and three other people in the room.',
    ],
    [
      others(5061),
      'Jest tu już pięć tysięcy sześćdziesiąt jeden osób.',
      'There are five thousand and sixty one other people in the room.',
    ],
    [others(1000), 'Jest tu już tysiąc osób.', 'There are one thousand other people in the room.'],
  ]);
});

test('greets whoever comes first although the count is zero', () => {
  expectRows([
    [
      others(0),
      'Jesteś pierwszą osobą w pokoju. Czekamy na pozostałych.',
      'You are the first person in the room. We are waiting for the others.',
    ],
  ]);
});

test('says a length of time in days, hours and minutes', () => {
  const rows: readonly (readonly [number, string, string])[] = [
    [1, 'jedną minutę.', 'one minute.'],
    [2, 'dwie minuty.', 'two minutes.'],
    [5, 'pięć minut.', 'five minutes.'],
    [10, 'dziesięć minut.', 'ten minutes.'],
    [22, 'dwadzieścia dwie minuty.', 'twenty two minutes.'],
    [59, 'pięćdziesiąt dziewięć minut.', 'fifty nine minutes.'],
    [60, 'jedną godzinę.', 'one hour.'],
    [61, 'jedną godzinę i jedną minutę.', 'one hour and one minute.'],
    [125, 'dwie godziny i pięć minut.', 'two hours and five minutes.'],
    [22 * 60 + 2, 'dwadzieścia dwie godziny i dwie minuty.', 'twenty two hours and two minutes.'],
    [1440, 'jeden dzień.', 'one day.'],
    [1441, 'jeden dzień i jedną minutę.', 'one day and one minute.'],
    [2 * 1440, 'dwa dni.', 'two days.'],
    [2 * 1440 + 300, 'dwa dni i pięć godzin.', 'two days and five hours.'],
    [
      20159,
      'trzynaście dni dwadzieścia trzy godziny i pięćdziesiąt dziewięć minut.',
      'thirteen days twenty three hours and fifty nine minutes.',
    ],
    [20160, 'czternaście dni.', 'fourteen days.'],
  ];
  expectRows(
    rows.flatMap(([minutes, pl, en]): Rows => [
      [
        { say: 'ends-in-minutes', minutes },
        `Telekonferencja zakończy się za ${pl}`,
        `The conference will end in ${en}`,
      ],
      [
        { say: 'extended', minutes },
        `Rezerwację przedłużono o ${pl}`,
        `The reservation has been extended by ${en}`,
      ],
    ]),
  );
});

test('warns of the end in minutes and seconds', () => {
  expectRows([
    [
      { say: 'ends-in-minutes-extend', minutes: 15 },
      'Telekonferencja zakończy się za piętnaście minut. Aby ją przedłużyć, naciśnij gwiazdkę, zero i pięć.',
      'The conference will end in fifteen minutes. To extend it, press star, zero, and five.',
    ],
    [
      { say: 'ends-in-seconds', seconds: 30 },
      'Telekonferencja zakończy się za trzydzieści sekund.',
      'The conference will end in thirty seconds.',
    ],
    [
      { say: 'ends-in-seconds', seconds: 60 },
      'Telekonferencja zakończy się za jedną minutę.',
      'The conference will end in one minute.',
    ],
    [
      { say: 'ends-in-seconds', seconds: 90 },
      'Telekonferencja zakończy się za dziewięćdziesiąt sekund.',
      'The conference will end in ninety seconds.',
    ],
    [
      { say: 'ends-in-seconds', seconds: 1 },
      'Telekonferencja zakończy się za jedną sekundę.',
      'The conference will end in one second.',
    ],
    [
      { say: 'ends-in-minutes', minutes: 0 },
      'Telekonferencja za chwilę się zakończy.',
      'The conference is about to end.',
    ],
  ]);
});

test('says the start in the zone of the reservation', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    [
      '2027-03-05T14:36:00Z',
      'piątego marca o godzinie piętnastej trzydzieści sześć',
      'on the fifth of March at three thirty six p.m.',
    ],
    [
      '2027-07-31T21:05:00Z',
      'trzydziestego pierwszego lipca o godzinie dwudziestej trzeciej zero pięć',
      'on the thirty-first of July at eleven oh five p.m.',
    ],
    [
      '2027-01-01T00:02:00Z',
      'pierwszego stycznia o godzinie pierwszej zero dwie',
      'on the first of January at one oh two a.m.',
    ],
    [
      '2027-12-22T08:52:00Z',
      'dwudziestego drugiego grudnia o godzinie dziewiątej pięćdziesiąt dwie',
      'on the twenty second of December at nine fifty two a.m.',
    ],
    [
      '2027-05-02T22:00:00Z',
      'trzeciego maja o godzinie zerowej',
      'on the third of May at midnight.',
    ],
    [
      '2027-05-02T22:10:00Z',
      'trzeciego maja o godzinie zerowej dziesięć',
      'on the third of May at twelve ten a.m.',
    ],
    [
      '2027-09-12T10:00:00Z',
      'dwunastego września o godzinie dwunastej',
      'on the twelfth of September at noon.',
    ],
    [
      '2027-09-12T18:00:00Z',
      'dwunastego września o godzinie dwudziestej',
      'on the twelfth of September at eight p.m.',
    ],
  ];
  for (const [iso, pl, en] of rows) {
    const start = { startAtMs: at(iso), zone: WARSAW };
    expectRows([
      [
        { say: 'too-early', ...start },
        `Jest jeszcze za wcześnie. Telekonferencja rozpocznie się ${pl} i wtedy prosimy zadzwonić ponownie.`,
        `It is too early. The conference starts ${en} Please call again at that time.`,
      ],
      [
        { say: 'too-early-may-wait', ...start },
        `Jest jeszcze za wcześnie. Telekonferencja rozpocznie się ${pl} a jeśli chcesz zaczekać przy muzyce, naciśnij jeden.`,
        `It is too early. The conference starts ${en} To wait and listen to music, press one.`,
      ],
    ]);
  }
});

test('calls today and tomorrow so when it is told the time, by the calendar of the zone', () => {
  const utterance: Utterance = {
    say: 'too-early',
    startAtMs: at('2027-03-05T14:36:00Z'),
    zone: WARSAW,
  };
  const heard = (nowIso: string): string => transcript(utterance, 'pl', at(nowIso));

  assert.match(heard('2027-03-05T14:00:00Z'), 'rozpocznie się dzisiaj o godzinie piętnastej');
  assert.match(heard('2027-03-04T23:30:00Z'), 'rozpocznie się dzisiaj o godzinie');
  assert.match(heard('2027-03-04T22:30:00Z'), 'rozpocznie się jutro o godzinie');
  assert.match(heard('2027-03-03T14:00:00Z'), 'rozpocznie się piątego marca o godzinie');
  assert.match(
    transcript(utterance, 'en', at('2027-03-05T14:00:00Z')),
    'The conference starts today at three thirty six p.m.',
  );
});

test('speaks the number of a new room digit by digit', () => {
  expectRows([
    [
      { say: 'room-created', number: '20917' },
      'Telekonferencja została utworzona. Jej numer to: dwa. zero. dziewięć. jeden. siedem.',
      'The conference has been created. Its number is: two. zero. nine. one. seven.',
    ],
  ]);
  assert.equal(speak({ say: 'room-created', number: '11' }, 'pl').slice(1), [
    'pl/number-1-end',
    'pl/number-1-end',
  ]);
});

test('says how many digits are wanted only when it is told', () => {
  expectRows([
    [
      { say: 'ask-new-number' },
      'Wybierz numer nowej telekonferencji i zakończ krzyżykiem.',
      'Choose a number for the new conference, followed by the hash key.',
    ],
    [
      { say: 'ask-new-number', digits: 5 },
      'Wybierz numer nowej telekonferencji i zakończ krzyżykiem. Numer musi mieć pięć cyfr.',
      'Choose a number for the new conference, followed by the hash key. The number must have five digits.',
    ],
    [
      { say: 'new-pin-too-short', digits: 4 },
      'Ten PIN jest za krótki. PIN musi mieć cztery cyfry.',
      'This PIN is too short. The PIN must have four digits.',
    ],
  ]);
});

test('says the volume as a step from normal', () => {
  expectRows([
    [
      { say: 'listen-volume', step: 0 },
      'Głośność konferencji: normalna.',
      'Conference volume: normal.',
    ],
    [
      { say: 'listen-volume', step: 2 },
      'Głośność konferencji: plus dwa.',
      'Conference volume: plus two.',
    ],
    [
      { say: 'talk-volume', step: -3 },
      'Głośność twojego głosu: minus trzy.',
      'Volume of your voice: minus three.',
    ],
  ]);
});

test('tells people, microphone, lock and time left', () => {
  expectRows([
    [
      { say: 'room-status', people: 3, microphone: 'muted', locked: 'locked', minutesLeft: 42 },
      'W pokoju są trzy osoby. Twój mikrofon jest wyłączony. Wejście do pokoju jest zamknięte. Telekonferencja zakończy się za czterdzieści dwie minuty.',
      'There are three people in the room. Your microphone is off. The room is locked. The conference will end in forty two minutes.',
    ],
    [
      { say: 'room-status', people: 1, microphone: 'live', locked: 'open', minutesLeft: null },
      'W pokoju jest jedna osoba. Twój mikrofon jest włączony. Wejście do pokoju jest otwarte.',
      'There is one person in the room. Your microphone is on. The room is unlocked.',
    ],
  ]);
});

test('offers exactly the keys that each role has', () => {
  const words: Readonly<Record<Language, readonly string[]>> = {
    pl: ['zero', 'jeden', 'dwa', 'trzy', 'cztery', 'pięć', 'sześć', 'siedem', 'osiem', 'dziewięć'],
    en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  };
  const keysIn = (utterance: Utterance, language: Language): string =>
    [...transcript(utterance, language).matchAll(/\p{L}+/gu)]
      .map(([word]) => words[language].indexOf(word))
      .filter((key) => key >= 0)
      .join(' ');

  for (const language of LANGUAGES) {
    assert.is(keysIn({ say: 'help-participant' }, language), '1 4 6 5 7 9 8');
    assert.is(keysIn({ say: 'help-moderator' }, language), '1 2 3 4 6 5 7 9 0 5 0 9 9 8');
    assert.is(keysIn({ say: 'menu-join' }, language), '1');
    assert.is(keysIn({ say: 'menu-join-or-create' }, language), '1 2');
    assert.is(keysIn({ say: 'room-menu' }, language), '8');
    assert.is(keysIn({ say: 'ask-extension' }, language), '1 2 3');
    assert.is(keysIn({ say: 'ends-in-minutes-extend', minutes: 15 }, language), '0 5');
    assert.is(keysIn({ say: 'room-full-moderator' }, language), '1');
  }
});

test('opens the entry menu with the words that callers know', () => {
  assert.match(transcript({ say: 'menu-join' }, 'pl'), 'Aby dołączyć do telekonferencji');
});

test.run();
