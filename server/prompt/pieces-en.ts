/** Cardinals 0–19. */
const TO_NINETEEN = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
] as const;

/** 20, 30 … 90. */
const TENS = [
  'twenty',
  'thirty',
  'forty',
  'fifty',
  'sixty',
  'seventy',
  'eighty',
  'ninety',
] as const;

/** Days of the month 1–20. */
const DAYS_OF_MONTH = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
  'thirteenth',
  'fourteenth',
  'fifteenth',
  'sixteenth',
  'seventeenth',
  'eighteenth',
  'nineteenth',
  'twentieth',
] as const;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Pieces that are written out: openings, nouns in the singular and plural, help key by key. */
const WRITTEN_OUT = {
  'menu-create': 'To create a new conference, press two.',
  'ask-new-number': 'Choose a number for the new conference, followed by the hash key.',
  'ask-new-pin': 'Choose a PIN, followed by the hash key.',
  'new-number-too-simple': 'This number is too simple.',
  'new-pin-too-simple': 'This PIN is too simple.',
  'new-number-too-short': 'This number is too short.',
  'new-pin-too-short': 'This PIN is too short.',
  'number-length': 'The number must have',
  'pin-length': 'The PIN must have',
  'too-simple': 'The digits must not all be the same, or run in order.',
  'digit-1': 'one digit.',
  'digits-many': 'digits.',
  'room-created': 'The conference has been created. Its number is:',

  'starts-on': 'It is too early. The conference starts',
  'call-then': 'Please call again at that time.',
  'may-wait': 'To wait and listen to music, press one.',
  today: 'today',
  tomorrow: 'tomorrow',
  'on-the-20': 'on the twenty',
  'day-of-month-30': 'on the thirtieth',
  'day-of-month-31': 'on the thirty-first',
  oh: 'oh',
  am: 'a.m.',
  pm: 'p.m.',
  'at-midnight': 'at midnight.',
  'at-noon': 'at noon.',

  'room-empty': 'There is nobody in the room.',
  'room-has-1': 'There is one person in the room.',
  'there-are': 'There are',
  'people-many': 'people in the room.',
  'others-1': 'There is one other person in the room.',
  'others-many': 'other people in the room.',

  'listen-volume': 'Conference volume:',
  'talk-volume': 'Volume of your voice:',
  'volume-normal': 'normal.',
  plus: 'plus',
  minus: 'minus',

  'ends-in': 'The conference will end in',
  'ends-now': 'The conference is about to end.',
  'extended-by': 'The reservation has been extended by',
  'how-to-extend': 'To extend it, press star, zero, and five.',
  'second-1': 'one second.',
  'seconds-many': 'seconds.',
  'minute-1': 'one minute.',
  'minutes-many': 'minutes.',
  'hour-1': 'one hour.',
  'hours-many': 'hours.',
  'hour-1-and': 'one hour and',
  'hours-many-and': 'hours and',
  'day-1': 'one day.',
  'days-many': 'days.',
  'day-1-and': 'one day and',
  'days-many-and': 'days and',
  'day-1-more': 'one day',
  'days-many-more': 'days',
  and: 'and',
  thousand: 'thousand',

  'help-microphone': 'To turn your microphone off or on, press one.',
  'help-lock': 'To lock or unlock the room, press two.',
  'help-remove': 'To remove the last person who joined, press three.',
  'help-listen': 'To hear the others quieter or louder, press four or six.',
  'help-hand': 'To raise or lower your hand, press five.',
  'help-talk': 'To make your voice quieter or louder for the others, press seven or nine.',
  'help-extend': 'To extend the reservation, press zero and five.',
  'help-end': 'To end the conference for all, press zero, nine, nine.',
  'help-status': 'To hear the state of the room, press hash.',
  'help-leave': 'To leave the menu, press eight.',
  'help-again': 'To hear this again, press star.',
} as const;

/** English: the pieces that utterances with parameters are made of. */
export const PIECES_EN: Readonly<Record<string, string>> = {
  ...WRITTEN_OUT,
  ...Object.fromEntries(numberPieces()),
  ...Object.fromEntries(
    DAYS_OF_MONTH.map((day, index) => [`day-of-month-${index + 1}`, `on the ${day}`]),
  ),
  ...Object.fromEntries(
    DAYS_OF_MONTH.slice(0, 9).map((day, index) => [`and-day-${index + 1}`, day]),
  ),
  ...Object.fromEntries(MONTHS.map((month, index) => [`month-${index + 1}`, `of ${month}`])),
};

/**
 * `number-0` … `number-20`, then tens and hundreds; `number-5-end` at the end of a sentence and for reading digits
 * aloud; `hour-of-day-3` as in "at three".
 */
function* numberPieces(): Generator<readonly [string, string]> {
  for (const [unit, word] of TO_NINETEEN.entries()) {
    yield [`number-${unit}`, word];
    if (unit >= 1 && unit <= 12) yield [`hour-of-day-${unit}`, `at ${word}`];
    if (unit >= 1 && unit <= 9) yield [`number-${unit * 100}`, `${word} hundred`];
    if (unit <= 9) yield [`number-${unit}-end`, `${word}.`];
  }
  for (const [index, word] of TENS.entries()) yield [`number-${(index + 2) * 10}`, word];
}
