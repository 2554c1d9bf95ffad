import { test } from 'uvu';
import * as assert from 'uvu/assert';

import { choicesOf } from '../../../web/room/choices-text.ts';
import { chooseDevice, devicesOfKind, namedDevices } from '../../../web/room/device-choice.ts';
import { groundProblem, microphoneProblem } from '../../../web/room/microphone-problem.ts';

const BUILT_IN = { deviceId: 'a', label: 'Built-in' };
const HEADSET = { deviceId: 'b', label: 'Headset' };

test('lists devices of one kind without the doubles for default and communications', () => {
  const all = [
    { kind: 'audioinput', deviceId: 'default', label: 'Default - Built-in' },
    { kind: 'audioinput', ...BUILT_IN },
    { kind: 'audioinput', ...HEADSET },
    { kind: 'audiooutput', deviceId: 'x', label: 'Speaker' },
    { kind: 'videoinput', deviceId: 'v', label: 'Camera' },
  ];

  assert.equal(devicesOfKind(all, 'audioinput'), [BUILT_IN, HEADSET]);
  assert.equal(devicesOfKind(all, 'audiooutput'), [{ deviceId: 'x', label: 'Speaker' }]);
});

test('keeps the default where it is all there is, and leaves out what has no id', () => {
  const only = { kind: 'audioinput', deviceId: 'default', label: 'Default' };

  assert.is(devicesOfKind([only], 'audioinput').length, 1);
  assert.equal(devicesOfKind([{ kind: 'audioinput', deviceId: '', label: '' }], 'audioinput'), []);
});

test('names the nameless by their number', () => {
  assert.equal(
    namedDevices([HEADSET, { deviceId: 'c', label: '' }], (number) => `Device ${number}`),
    [
      { deviceId: 'b', name: 'Headset' },
      { deviceId: 'c', name: 'Device 2' },
    ],
  );
});

test('chooses the wanted device, else its namesake, else the first', () => {
  const devices = [BUILT_IN, HEADSET];

  assert.is(chooseDevice(devices, HEADSET), HEADSET);
  assert.is(chooseDevice(devices, { deviceId: 'new', label: 'Headset' }), HEADSET);
  assert.is(chooseDevice(devices, { deviceId: 'gone', label: 'Gone' }), BUILT_IN);
  assert.is(chooseDevice(devices, { deviceId: 'gone', label: '' }), BUILT_IN);
  assert.is(chooseDevice([], HEADSET), null);
});

for (const [name, message, permission, expected] of [
  ['NotAllowedError', 'Permission denied', 'denied', 'denied'],
  ['NotAllowedError', 'Permission denied', 'unknown', 'denied'],
  ['NotAllowedError', 'Permission dismissed', 'prompt', 'dismissed'],
  ['NotAllowedError', 'Permission denied by system', 'granted', 'policy'],
  ['NotAllowedError', 'blocked by Permissions Policy', 'denied', 'policy'],
  ['SecurityError', '', 'unknown', 'policy'],
  ['NotFoundError', '', 'granted', 'none-found'],
  ['NotReadableError', '', 'granted', 'in-use'],
  ['OverconstrainedError', '', 'granted', 'device-gone'],
  ['TypeError', '', 'granted', 'unknown'],
] as const) {
  test(`reads ${name} "${message}" with permission ${permission} as ${expected}`, () => {
    assert.is(microphoneProblem({ name, message }, permission), expected);
  });
}

test('knows what is in the way before it asks', () => {
  const good = {
    isSecure: true,
    hasMediaDevices: true,
    hasPeerConnection: true,
    hasWebSocket: true,
  };

  assert.is(groundProblem(good), null);
  assert.is(groundProblem({ ...good, isSecure: false, hasMediaDevices: false }), 'insecure');
  assert.is(groundProblem({ ...good, hasMediaDevices: false }), 'browser-too-old');
  assert.is(groundProblem({ ...good, hasPeerConnection: false }), 'browser-too-old');
  assert.is(groundProblem({ ...good, hasWebSocket: false }), 'browser-too-old');
});

test('reads kept choices, and takes defaults for what makes no sense', () => {
  const kept = { name: 'Ann', microphone: HEADSET, speaker: { deviceId: 1 }, sound: 'original' };

  assert.equal(choicesOf(JSON.stringify(kept)), {
    name: 'Ann',
    microphone: HEADSET,
    speaker: null,
    sound: 'original',
  });
  for (const text of [null, '', '{', '3', 'null', '{"name":5}']) {
    assert.equal(
      choicesOf(text),
      { name: '', microphone: null, speaker: null, sound: 'voice' },
      String(text),
    );
  }
});

test.run();
