import {
  awaited,
  count,
  goTo,
  label,
  linger,
  note,
  respond,
  sippScenario,
} from '../sipp-scenario.ts';

/** Password that `REGISTRAR` verifies, and the user name that goes with it. */
export const LINE = { authUser: 'konfa', password: 'secret' };

/**
 * A registrar: 401, then 200 to a digest that sipp verifies itself; then the same for the removal. It lingers, since a
 * REGISTER whose 200 was lost comes again.
 */
export const REGISTRAR = sippScenario(
  'registrar',
  awaited('REGISTER'),
  respond({
    status: '401 Unauthorized',
    lines: [
      'WWW-Authenticate: Digest realm="sipp", nonce="6f1ad7c0e1b94b7d8f5c", algorithm=MD5, qop="auth"',
    ],
  }),
  label('proof'),
  awaited('REGISTER', {
    actions: [
      `<verifyauth assign_to="proved" username="${LINE.authUser}" password="${LINE.password}" />`,
    ],
  }),
  goTo('proved', 'proved'),
  // A copy of the first one; or a digest that is wrong, which never gets further.
  goTo('proof'),
  label('proved'),
  count('registered'),
  respond({ status: '200 OK', contact: 'last' }),
  label('standing'),
  awaited('REGISTER', {
    actions: [
      note('Contact', 'expires=0', 'removal'),
      `<verifyauth assign_to="removal-proved" username="${LINE.authUser}" password="${LINE.password}" />`,
    ],
  }),
  goTo('removed', 'removal'),
  respond({ status: '200 OK', contact: 'last' }),
  goTo('standing'),
  label('removed'),
  goTo('removal-proved', 'removal-proved'),
  goTo('standing'),
  label('removal-proved'),
  count('removed'),
  respond({ status: '200 OK' }),
  linger(),
);
