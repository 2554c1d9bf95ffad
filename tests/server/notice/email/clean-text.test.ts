import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  capitalised,
  looksLikeAddress,
  manyLines,
  oneLine,
} from '../../../../server/notice/email/clean-text.ts';

test('makes one line of whatever could begin another', () => {
  for (const breaking of ['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f', '\0', '\t'])
    assert.is(oneLine(`Narada${breaking}Bcc: x@evil.example`), 'Narada Bcc: x@evil.example');
});

test('takes out marks that turn the direction of writing, and hidden characters', () => {
  assert.is(oneLine('\u202egpj.exe\u2066\u200f ra\u200bda\ufeff'), 'gpj.exe rada');
});

test('puts a replacement for half a surrogate pair and keeps whole ones', () => {
  assert.is(oneLine('a\ud83d b😀'), 'a\ufffd b😀');
});

test('cuts a line to 200 characters, never within one', () => {
  assert.is(Array.from(oneLine('😀'.repeat(200))).length, 200);
  assert.is(oneLine('😀'.repeat(201)), `${'😀'.repeat(199)}…`);
});

test('keeps the lines of a note, one empty line at most between two', () => {
  assert.is(manyLines(' a\r\nb \rc\u2028d\n\n\n\n\ne\0\u202ef\tg \n'), 'a\nb\nc\nd\n\nef g');
});

test('recognises names that are meant to be clicked on', () => {
  for (const name of ['http://x', 'www.x', 'tanie-buty.pl', 'x@y', 'wejdź na kup.teraz'])
    assert.ok(looksLikeAddress(name), name);
  for (const name of ['Anna Nowak', 'Dr. Jan B. Żak', 'Firma Sp. z o.o.', 'Ewa (HR)'])
    assert.not(looksLikeAddress(name), name);
});

test('begins with a capital letter', () => {
  assert.equal(['żaba', '', '😀x', 'Już'].map(capitalised), ['Żaba', '', '😀x', 'Już']);
});

test.run();
