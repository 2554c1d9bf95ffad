import { z } from 'zod';

import { digits, text, wholeNumber } from './setting-field.ts';

const NUMBER_START = 'digits, with a + before them where wanted, or nothing';

const numberRule = z
  .strictObject({
    name: text('a name, or null')
      .nullable()
      .default(null)
      .describe('Shown by `konfa route`. null: the number of the rule.'),
    prefix: numberStart().describe('How numbers begin that the rule is for. Empty: all.'),
    minDigits: wholeNumber(0, 32).default(0).describe('Fewest digits of such a number.'),
    maxDigits: wholeNumber(0, 32).default(32).describe('Most digits of such a number.'),
    strip: wholeNumber(0, 32)
      .default(0)
      .describe('How many characters are taken off the beginning, a + included.'),
    prepend: numberStart().describe('What is put before the rest.'),
  })
  .describe('What is done to numbers of one form. Of all rules the first that fits is applied.');

/** Settings under `trunks[].numbers`. */
export const numberPlanSettings = z
  .strictObject({
    country: digits(1, 4)
      .nullable()
      .default(null)
      .describe('Country code that this trunk writes no + or 00 for. null: numbers.countryCode.'),
    called: z.array(numberRule).default([]).describe('For the numbers that callers dial.'),
    caller: z.array(numberRule).default([]).describe('For the numbers of callers.'),
  })
  .prefault({})
  .describe('How this trunk writes telephone numbers, brought to our form by rules.');

function numberStart() {
  return z
    .string({ error: NUMBER_START })
    .regex(/^\+?[0-9*#]*$/u, { error: NUMBER_START })
    .default('');
}
