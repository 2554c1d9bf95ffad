import type { RegisterSettings } from '../../../server/trunk/register-request.ts';
import { Registration } from '../../../server/trunk/registration.ts';
import { seededRandom } from '../sip/sip-lab.ts';
import { RegistrarWorld, routeFrom, SimRegistrar } from './sim-registrar.ts';
import type { Behaviour } from './sim-registrar.ts';

/** A registration for an hour. */
const SETTINGS: RegisterSettings = {
  server: 'sip.example.net',
  user: 'alice',
  authUser: null,
  password: 's3cret',
  realm: null,
  expirySeconds: 3600,
};
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** A registration and its world. */
export interface Rig {
  readonly world: RegistrarWorld;
  readonly registrar: SimRegistrar;
  readonly registration: Registration;
  /** Our own address. */
  readonly own: { host: string };
}

/** Not begun yet. */
export function rig(settings: Partial<RegisterSettings> = {}, behave?: Behaviour, seed = 1): Rig {
  const own = { host: '198.51.100.5' };
  const registration = new Registration({
    trunk: 'carrier',
    settings: { ...SETTINGS, ...settings },
    routeTo: routeFrom(own),
    random: seededRandom(seed),
  });
  const registrar = new SimRegistrar();
  const world = new RegistrarWorld(registration, behave ?? registrar.behave);
  return { world, registrar, registration, own };
}

/** Begun a second ago. */
export function begun(settings: Partial<RegisterSettings> = {}, behave?: Behaviour, seed = 1): Rig {
  const made = rig(settings, behave, seed);
  made.world.feed({ type: 'start' });
  made.world.advance(1000);
  return made;
}
