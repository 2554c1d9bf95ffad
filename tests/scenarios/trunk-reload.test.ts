import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../server/config/config.ts';
import type { SimWorld } from '../support/sim-world.ts';
import { inWorld, ROOM } from '../support/sim-scenario.ts';

/** A config that a server takes over, with trunks that register at these addresses. */
function configWith(...registrars: readonly string[]): ReturnType<typeof parseConfig> {
  return parseConfig({
    permanentRooms: [ROOM],
    media: { workers: 1 },
    trunks: registrars.map((server, index) => ({
      name: `trunk-${index}`,
      pingSeconds: 0,
      transport: 'udp',
      register: { server, user: 'konfa', password: 'secret' },
    })),
  });
}

/** The registrars that trunks of ours are busy with. */
function asked(world: SimWorld): readonly string[] {
  return world.app.desk.trunks().flatMap(({ registration }) => registration?.server ?? []);
}

test('a trunk that comes by a reload registers once certificates are read, not before', () =>
  inWorld(async (world) => {
    world.certificatesMs = 400;
    world.app.reload(configWith('127.0.0.21'));

    await world.run(390);
    assert.equal(asked(world), []);
    await world.run(50);

    assert.equal(asked(world), ['127.0.0.21']);
  }));

test('of two reloads at once the later one holds, however long the earlier one reads', () =>
  inWorld(async (world) => {
    world.certificatesMs = 400;
    world.app.reload(configWith('127.0.0.21'));
    world.certificatesMs = 100;
    world.app.reload(configWith('127.0.0.22'));

    await world.run(1000);
    assert.equal(asked(world), ['127.0.0.22']);
  }));

test.run();
