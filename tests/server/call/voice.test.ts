import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Voice } from '../../../server/call/voice.ts';

function playing(commands: ReturnType<Voice['say']>): readonly string[] {
  return commands.flatMap((command) => (command.type === 'play-to-leg' ? command.clips : ['-']));
}

test('says one thing instead of another, and takes the echo of the first for stale', () => {
  const voice = new Voice('leg');

  assert.equal(playing(voice.say(['a'], 'by-key')), ['a']);
  assert.equal(playing(voice.say(['b'], 'by-key')), ['b']);

  assert.is(voice.ended(1, 'stopped').end, 'stale');
  assert.is(voice.ended(2, 'finished').end, 'all-said');
});

test('says what waits when the one before has ended', () => {
  const voice = new Voice('leg');
  assert.equal(playing(voice.sayNext(['a'])), ['a']);
  assert.equal(playing(voice.sayNext(['b'])), []);

  const first = voice.ended(1, 'finished');
  const second = voice.ended(2, 'finished');

  assert.is(first.end, 'not-all-said');
  assert.equal(playing(first.commands), ['b']);
  assert.is(second.end, 'all-said');
});

test('keeps the newest four that wait', () => {
  const voice = new Voice('leg');
  for (const clip of ['a', 'b', 'c', 'd', 'e', 'f']) voice.sayNext([clip]);

  const heard: string[] = [];
  for (let playId = 1; playId <= 5; playId += 1) {
    heard.push(...playing(voice.ended(playId, 'finished').commands));
  }

  assert.equal(heard, ['c', 'd', 'e', 'f']);
});

test('stops what runs, once', () => {
  const voice = new Voice('leg');
  voice.say(['a'], 'by-key');
  voice.sayNext(['b']);

  assert.equal(playing(voice.stop()), ['-']);
  assert.equal(playing(voice.stop()), []);
  assert.is(voice.ended(1, 'stopped').end, 'stale');
});

test.run();
