import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeUrl } from '../../../server/webhook/webhook-url.ts';

const STRICT = { allowInsecure: false, allowNetworks: [] };
const LOOSE = { allowInsecure: true, allowNetworks: ['127.0.0.0/8'] };

for (const [url, code] of [
  ['not a url', 'bad-url'],
  ['', 'bad-url'],
  ['ftp://example.org/', 'bad-url'],
  ['file:///etc/passwd', 'bad-url'],
  ['javascript:alert(1)', 'bad-url'],
  ['https://', 'bad-url'],
  ['https://user:pw@example.org/', 'bad-url'],
  ['https://user@example.org/', 'bad-url'],
  [`https://example.org/${'x'.repeat(2000)}`, 'bad-url'],
  ['http://example.org/', 'insecure-url'],
  ['https://127.0.0.1/', 'private-address'],
  ['https://127.1/', 'private-address'],
  ['https://2130706433/', 'private-address'],
  ['https://0x7f000001/', 'private-address'],
  ['https://0177.0.0.1/', 'private-address'],
  ['https://127.0.0.1./', 'private-address'],
  ['https://１２７.0.0.1/', 'private-address'],
  ['https://[::1]/', 'private-address'],
  ['https://[::ffff:10.0.0.1]/', 'private-address'],
  ['https://169.254.169.254/latest/meta-data', 'private-address'],
  ['https://localhost/', 'private-address'],
  ['https://LOCALHOST./', 'private-address'],
  ['https://a.localhost/', 'private-address'],
]) {
  test(`refuses ${(url ?? '').slice(0, 50) || 'nothing'} as ${code ?? ''}`, () => {
    assert.equal(judgeUrl(url ?? '', STRICT), { verdict: 'refused', code });
  });
}

for (const [url, settings, kept] of [
  ['https://example.org', STRICT, 'https://example.org/'],
  ['https://Example.ORG:8443/a?b=c#d', STRICT, 'https://example.org:8443/a?b=c'],
  ['https://büro.example/', STRICT, 'https://xn--bro-hoa.example/'],
  ['https://1.1.1.1/', STRICT, 'https://1.1.1.1/'],
  ['http://127.0.0.1:9000/', LOOSE, 'http://127.0.0.1:9000/'],
  ['http://localhost:9000/', LOOSE, 'http://localhost:9000/'],
] as const) {
  test(`takes ${url}`, () => {
    assert.equal(judgeUrl(url, settings), { verdict: 'good', url: kept });
  });
}

test.run();
