import { test } from 'uvu';
import * as assert from 'uvu/assert';

import type { RigOptions } from './entry-rig.ts';
import { EntryRig } from './entry-rig.ts';

/** A script for an `EntryRig`, and the lines it must cause. */
export interface Scenario {
  readonly name: string;
  readonly rig?: RigOptions;
  readonly script: string;
  readonly lines: readonly string[];
}

/** Lines of a caller who keys straight through to the PIN of room 12321. */
export const TO_PIN = [
  'says welcome menu-join-or-create',
  'says ask-number',
  'stops',
  'number 12321?',
  'says ask-pin',
];

/** Makes each scenario a test. */
export function runScenarios(scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) {
    test(scenario.name, () => {
      const rig = new EntryRig(scenario.rig);

      assert.equal(rig.play(scenario.script), scenario.lines);
    });
  }
}
