import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { escapingFor, fillTemplate } from '../../../../server/notice/sms/http-template.ts';
import { sampleSms } from './sample-sms.ts';

const NASTY = 'a "b" \\ c\n&d=e <f> {to} $& ż';

test('a JSON body stays JSON whatever the text is', () => {
  const body = fillTemplate('{"t":"{text}","n":"{to}"}', sampleSms({ text: NASTY }), 'json');

  assert.equal(JSON.parse(body), { t: NASTY, n: '+48501234567' });
});

test('a form keeps its fields whatever the text is', () => {
  const body = fillTemplate('to={to}&text={text}&id={id}', sampleSms({ text: NASTY }), 'form');

  const form = new URLSearchParams(body);
  assert.is(form.get('to'), '+48501234567');
  assert.is(form.get('text'), NASTY);
  assert.is(form.get('id'), sampleSms().noticeId);
  assert.is([...form.keys()].length, 3);
});

test('an address keeps its shape whatever the text is', () => {
  const template = 'https://gateway.example/send/{to}?text={text}#end';

  const url = new URL(fillTemplate(template, sampleSms({ text: `${NASTY}#?/` }), 'url'));

  assert.is(url.host, 'gateway.example');
  assert.is(url.pathname, '/send/%2B48501234567');
  assert.is(url.searchParams.get('text'), `${NASTY}#?/`);
  assert.is(url.hash, '#end');
});

test('XML gets no element from a text', () => {
  const body = fillTemplate('<t>{text}</t>', sampleSms({ text: '</t><x a="1">&\'' }), 'xml');

  assert.is(body, '<t>&#60;/t&#62;&#60;x a=&#34;1&#34;&#62;&#38;&#39;</t>');
});

test('plain text is filled as it is, and other braces stay', () => {
  const body = fillTemplate('{from}|{text}|{other}|{}', sampleSms({ text: NASTY }), 'plain');

  assert.is(body, `HaloNet|${NASTY}|{other}|{}`);
});

for (const [type, escaping] of [
  ['application/json', 'json'],
  ['Application/JSON; charset=utf-8', 'json'],
  ['application/vnd.sms+json', 'json'],
  ['application/x-www-form-urlencoded', 'form'],
  ['text/xml', 'xml'],
  ['application/soap+xml;charset=utf-8', 'xml'],
  ['text/plain', 'plain'],
  ['', 'plain'],
]) {
  test(`fills ${type || 'a body without type'} as ${escaping ?? ''}`, () => {
    assert.is(escapingFor(type ?? ''), escaping);
  });
}

test.run();
