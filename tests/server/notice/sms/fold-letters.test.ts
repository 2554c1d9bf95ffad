import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { foldToAscii } from '../../../../server/notice/sms/fold-letters.ts';
import { segmentsOf } from '../../../../server/notice/sms/gsm7.ts';

const FOLDS: readonly [string, string][] = [
  ['zażółć gęślą jaźń', 'zazolc gesla jazn'],
  ['ZAŻÓŁĆ GĘŚLĄ JAŹŃ', 'ZAZOLC GESLA JAZN'],
  ['Größe, Ærøskøbing, Đakovo, œuvre', 'Grosse, AEroskobing, Dakovo, oeuvre'],
  ['Český Škoda ăâîșț ğışç', 'Cesky Skoda aaist gisc'],
  // A letter and a mark of its own.
  ['z\u0307o\u0301łc\u0301', 'zolc'],
  ['„Zarząd” – ‘rada’…', '"Zarzad" - \'rada\'...'],
  ['a\u00a0b\u2009c\td', 'a b c d'],
  ['two\nlines', 'two\nlines'],
  ['soft\u00adhyphen\u200b', 'softhyphen'],
  ['５ ﬁ № 1', '5 fi No 1'],
  ['5 €', '5 EUR'],
  ['Привет 📞 漢', '?????? ? ?'],
  ['~!{}[]`', "~!{}[]'"],
];

for (const [text, folded] of FOLDS) {
  test(`folds ${JSON.stringify(text)} to ASCII`, () => {
    assert.is(foldToAscii(text), folded);
  });
}

test('leaves nothing but GSM-7 of any character', () => {
  for (let code = 0; code < 0x3000; code += 1) {
    const folded = foldToAscii(String.fromCodePoint(code));
    assert.match(folded, /^[\n\x20-\x7e]*$/, code.toString(16));
    assert.is(segmentsOf(folded).encoding, 'gsm-7', code.toString(16));
  }
});

test.run();
