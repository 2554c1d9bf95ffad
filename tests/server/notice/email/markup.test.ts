import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { markup, safeHref, withLineBreaks } from '../../../../server/notice/email/markup.ts';

test('escapes text for content and for quoted attributes', () => {
  const { html } = markup`<p title="${`"'`}">${'<script>&amp;'}</p>`;

  assert.is(html, '<p title="&quot;&#39;">&lt;script&gt;&amp;amp;</p>');
});

test('takes markup and rows of it as they are', () => {
  const rows = ['<a>', 'b'].map((text) => markup`<li>${text}</li>`);

  assert.is(
    markup`<ol>${rows}</ol>${markup`<hr>`}${3}`.html,
    '<ol><li>&lt;a&gt;</li><li>b</li></ol><hr>3',
  );
});

test('keeps line breaks and escapes the lines', () => {
  assert.is(withLineBreaks('<a>\nb').html, '&lt;a&gt;<br>\nb');
});

test('leads only to web, mail and telephone addresses', () => {
  for (const address of ['https://a', 'http://a', 'mailto:a@b', 'tel:1,,2%23', 'HTTPS://a'])
    assert.is(safeHref(address), address);
  for (const address of ['javascript:alert(1)', ' https://a', 'data:text/html,x', '//a', ''])
    assert.is(safeHref(address), '#');
});

test.run();
