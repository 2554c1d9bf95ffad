/** Cardinals 0–19, as counted without a noun: masculine. */
const TO_NINETEEN = [
  'zero',
  'jeden',
  'dwa',
  'trzy',
  'cztery',
  'pięć',
  'sześć',
  'siedem',
  'osiem',
  'dziewięć',
  'dziesięć',
  'jedenaście',
  'dwanaście',
  'trzynaście',
  'czternaście',
  'piętnaście',
  'szesnaście',
  'siedemnaście',
  'osiemnaście',
  'dziewiętnaście',
] as const;

/** 20, 30 … 90. */
const TENS = [
  'dwadzieścia',
  'trzydzieści',
  'czterdzieści',
  'pięćdziesiąt',
  'sześćdziesiąt',
  'siedemdziesiąt',
  'osiemdziesiąt',
  'dziewięćdziesiąt',
] as const;

/** 100, 200 … 900. */
const HUNDREDS = [
  'sto',
  'dwieście',
  'trzysta',
  'czterysta',
  'pięćset',
  'sześćset',
  'siedemset',
  'osiemset',
  'dziewięćset',
] as const;

/** Days of the month 1–20: ordinals in the genitive, as in "piątego marca". Both words of a later day decline. */
const DAYS_OF_MONTH = [
  'pierwszego',
  'drugiego',
  'trzeciego',
  'czwartego',
  'piątego',
  'szóstego',
  'siódmego',
  'ósmego',
  'dziewiątego',
  'dziesiątego',
  'jedenastego',
  'dwunastego',
  'trzynastego',
  'czternastego',
  'piętnastego',
  'szesnastego',
  'siedemnastego',
  'osiemnastego',
  'dziewiętnastego',
  'dwudziestego',
] as const;

/** Months in the genitive. */
const MONTHS = [
  'stycznia',
  'lutego',
  'marca',
  'kwietnia',
  'maja',
  'czerwca',
  'lipca',
  'sierpnia',
  'września',
  'października',
  'listopada',
  'grudnia',
] as const;

/** Hours 0–20: feminine ordinals in the locative, as in "o godzinie piętnastej". */
const HOURS = [
  'zerowej',
  'pierwszej',
  'drugiej',
  'trzeciej',
  'czwartej',
  'piątej',
  'szóstej',
  'siódmej',
  'ósmej',
  'dziewiątej',
  'dziesiątej',
  'jedenastej',
  'dwunastej',
  'trzynastej',
  'czternastej',
  'piętnastej',
  'szesnastej',
  'siedemnastej',
  'osiemnastej',
  'dziewiętnastej',
  'dwudziestej',
] as const;

/** Pieces that are written out: openings, nouns in each grammatical form, help key by key. */
const WRITTEN_OUT = {
  'menu-create': 'Aby utworzyć nową telekonferencję, naciśnij dwa.',
  'ask-new-number': 'Wybierz numer nowej telekonferencji i zakończ krzyżykiem.',
  'ask-new-pin': 'Ustal PIN i zakończ krzyżykiem.',
  'new-number-too-simple': 'Ten numer jest zbyt prosty.',
  'new-pin-too-simple': 'Ten PIN jest zbyt prosty.',
  'new-number-too-short': 'Ten numer jest za krótki.',
  'new-pin-too-short': 'Ten PIN jest za krótki.',
  'number-length': 'Numer musi mieć',
  'pin-length': 'PIN musi mieć',
  'too-simple': 'Cyfry nie mogą być jednakowe ani iść po kolei.',
  'digit-1': 'jedną cyfrę.',
  'digits-few': 'cyfry.',
  'digits-many': 'cyfr.',
  'room-created': 'Telekonferencja została utworzona. Jej numer to:',

  'starts-on': 'Jest jeszcze za wcześnie. Telekonferencja rozpocznie się',
  'call-then': 'i wtedy prosimy zadzwonić ponownie.',
  'may-wait': 'a jeśli chcesz zaczekać przy muzyce, naciśnij jeden.',
  today: 'dzisiaj',
  tomorrow: 'jutro',
  'day-of-month-30': 'trzydziestego',
  'at-hour': 'o godzinie',

  'room-empty': 'W pokoju nie ma nikogo.',
  'room-has-1': 'W pokoju jest jedna osoba.',
  'room-has-few': 'W pokoju są',
  'room-has-many': 'W pokoju jest',
  'others-1': 'Jest tu już jedna osoba.',
  'others-few': 'Są tu już',
  'others-many': 'Jest tu już',
  'people-few': 'osoby.',
  'people-many': 'osób.',

  'listen-volume': 'Głośność konferencji:',
  'talk-volume': 'Głośność twojego głosu:',
  'volume-normal': 'normalna.',
  plus: 'plus',
  minus: 'minus',

  'ends-in': 'Telekonferencja zakończy się za',
  'ends-now': 'Telekonferencja za chwilę się zakończy.',
  'extended-by': 'Rezerwację przedłużono o',
  'how-to-extend': 'Aby ją przedłużyć, naciśnij gwiazdkę, zero i pięć.',
  'second-1': 'jedną sekundę.',
  'seconds-few': 'sekundy.',
  'seconds-many': 'sekund.',
  'minute-1': 'jedną minutę.',
  'minutes-few': 'minuty.',
  'minutes-many': 'minut.',
  'hour-1': 'jedną godzinę.',
  'hours-few': 'godziny.',
  'hours-many': 'godzin.',
  'hour-1-and': 'jedną godzinę i',
  'hours-few-and': 'godziny i',
  'hours-many-and': 'godzin i',
  'day-1': 'jeden dzień.',
  days: 'dni.',
  'day-1-and': 'jeden dzień i',
  'days-and': 'dni i',
  'day-1-more': 'jeden dzień',
  'days-more': 'dni',

  'help-microphone': 'Aby wyłączyć lub włączyć mikrofon, naciśnij jeden.',
  'help-lock': 'Aby zamknąć lub otworzyć wejście do pokoju, naciśnij dwa.',
  'help-remove': 'Aby usunąć osobę, która weszła ostatnia, naciśnij trzy.',
  'help-listen': 'Aby słyszeć innych ciszej lub głośniej, naciśnij cztery lub sześć.',
  'help-hand': 'Aby podnieść lub opuścić rękę, naciśnij pięć.',
  'help-talk': 'Aby inni słyszeli cię ciszej lub głośniej, naciśnij siedem lub dziewięć.',
  'help-extend': 'Aby przedłużyć rezerwację, naciśnij zero i pięć.',
  'help-end': 'Aby zakończyć telekonferencję dla wszystkich, naciśnij zero, dziewięć, dziewięć.',
  'help-status': 'Aby usłyszeć stan pokoju, naciśnij krzyżyk.',
  'help-leave': 'Aby wyjść z menu, naciśnij osiem.',
  'help-again': 'Aby powtórzyć, naciśnij gwiazdkę.',
} as const;

/** Polish: the pieces that utterances with parameters are made of. */
export const PIECES_PL: Readonly<Record<string, string>> = {
  ...WRITTEN_OUT,
  ...Object.fromEntries(numberPieces()),
  ...Object.fromEntries(DAYS_OF_MONTH.map((day, index) => [`day-of-month-${index + 1}`, day])),
  ...Object.fromEntries(MONTHS.map((month, index) => [`month-${index + 1}`, month])),
  ...Object.fromEntries(HOURS.map((hour, index) => [`hour-of-day-${index}`, hour])),
};

/**
 * `number-0` … `number-20`, then tens, hundreds and thousands; `number-2-f` where the feminine differs;
 * `number-5-end` at the end of a sentence and for reading digits aloud.
 */
function* numberPieces(): Generator<readonly [string, string]> {
  for (const [unit, word] of TO_NINETEEN.entries()) yield [`number-${unit}`, word];
  for (const [index, word] of TENS.entries()) yield [`number-${(index + 2) * 10}`, word];
  for (const [index, word] of HUNDREDS.entries()) yield [`number-${(index + 1) * 100}`, word];
  for (const [digit, word] of TO_NINETEEN.slice(0, 10).entries()) {
    yield [`number-${digit}-end`, `${word}.`];
  }
  yield ['number-2-f', 'dwie'];
  yield ['number-1000', 'tysiąc'];
  yield ['thousands-few', 'tysiące'];
  yield ['thousands-many', 'tysięcy'];
}
