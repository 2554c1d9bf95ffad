import type { Config } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { PANEL_RULES } from './panel-rules.ts';
import { problem, repeats } from './setting-rule.ts';
import type { SettingRule } from './setting-rule.ts';
import { TRUNK_RULES } from './trunk-rules.ts';
import { WEBRTC_RULES } from './webrtc-rules.ts';

/** Rules that hold between settings. */
const RULES: readonly SettingRule[] = [
  { needs: ['sip'], check: tlsFiles },
  { needs: ['sip'], check: certificatesAreForTls },
  { needs: ['sip'], check: listenersDiffer },
  { needs: ['media'], check: portRangeAscends },
  { needs: ['media', 'sip'], check: portRangeLeavesSip },
  { needs: ['accessNumbers', 'numbers'], check: accessNumbersAreNumbers },
  { needs: ['accessNumbers', 'numbers'], check: accessNumbersDiffer },
  { needs: ['accessNumbers'], check: pinSkippedOnlyForRooms },
  { needs: ['accessNumbers', 'permanentRooms'], check: roomsExist },
  { needs: ['permanentRooms'], check: roomNumbersDiffer },
  { needs: ['permanentRooms'], check: pinsDiffer },
  { needs: ['warnings'], check: warningMinutesDiffer },
  ...TRUNK_RULES,
  ...PANEL_RULES,
  ...WEBRTC_RULES,
];

/** Problems between settings, as far as the sections concerned are sound by themselves. */
export function crossCheck(config: Config, broken: ReadonlySet<string>): readonly ConfigProblem[] {
  return RULES.filter((rule) => !rule.needs.some((section) => broken.has(section))).flatMap(
    (rule) => rule.check(config),
  );
}

function tlsFiles({ sip }: Config): readonly ConfigProblem[] {
  return sip.listen.flatMap((listener, index) =>
    (['certFile', 'keyFile', 'clientCaFile'] as const).flatMap((key) => {
      const file = listener[key];
      const path = ['sip', 'listen', index, key];
      if (listener.transport === 'tls' && file === null && key !== 'clientCaFile') {
        return [problem(path, file, 'the path of a PEM file, as tls needs one')];
      }
      if (listener.transport !== 'tls' && file !== null) {
        return [problem(path, file, `null, as ${listener.transport} takes no such file`)];
      }
      return [];
    }),
  );
}

function certificatesAreForTls({ sip }: Config): readonly ConfigProblem[] {
  return sip.listen.flatMap(({ transport, certificates }, index) =>
    transport === 'tls' || certificates.length === 0
      ? []
      : [
          problem(
            ['sip', 'listen', index, 'certificates'],
            certificates,
            `none, as ${transport} takes no certificates`,
          ),
        ],
  );
}

function listenersDiffer({ sip }: Config): readonly ConfigProblem[] {
  return repeats(
    sip.listen,
    ({ transport, host, port }) => `${transport === 'udp' ? 'udp' : 'tcp'} ${host} ${port}`,
    (index, earlier, { port }) =>
      problem(
        ['sip', 'listen', index, 'port'],
        port,
        `a port that sip.listen[${earlier}] does not take already`,
      ),
  );
}

function portRangeAscends({ media }: Config): readonly ConfigProblem[] {
  const [from, to] = media.portRange;
  // An RTP port is even and its RTCP port comes next (RFC 3550 §11).
  const firstEven = from + (from % 2);
  if (firstEven + 1 <= to) return [];
  const expected = 'the lower port first, and an even port with the one after it between the two';
  const found = problem(['media', 'portRange'], media.portRange, expected);
  return [{ ...found, value: `[${from}, ${to}]` }];
}

function portRangeLeavesSip({ media, sip }: Config): readonly ConfigProblem[] {
  const [from, to] = media.portRange;
  return sip.listen.flatMap(({ transport, port }, index) =>
    transport === 'udp' && port >= from && port <= to
      ? [problem(['sip', 'listen', index, 'port'], port, 'a port outside media.portRange')]
      : [],
  );
}

function accessNumbersAreNumbers({ accessNumbers }: Config): readonly ConfigProblem[] {
  return accessNumbers.flatMap(({ number }, index) =>
    /^\+?[0-9]{2,20}$/u.test(number)
      ? []
      : [problem(['accessNumbers', index, 'number'], number, 'a telephone number in quotes')],
  );
}

function accessNumbersDiffer({ accessNumbers }: Config): readonly ConfigProblem[] {
  return repeats(
    accessNumbers,
    ({ number }) => number,
    (index, earlier, { number }) =>
      problem(
        ['accessNumbers', index, 'number'],
        number,
        `a number that accessNumbers[${earlier}] does not have`,
      ),
  );
}

function pinSkippedOnlyForRooms({ accessNumbers }: Config): readonly ConfigProblem[] {
  return accessNumbers.flatMap(({ room, requirePin }, index) => {
    if (room !== null || requirePin) return [];
    const path = ['accessNumbers', index, 'requirePin'];
    return [problem(path, requirePin, 'true, as long as room names no room')];
  });
}

function roomsExist({ accessNumbers, permanentRooms }: Config): readonly ConfigProblem[] {
  const known = permanentRooms.map(({ number }) => number);
  const hint = known.length === 0 ? 'there are none' : `there are ${known.slice(0, 10).join(', ')}`;
  return accessNumbers.flatMap(({ room }, index) => {
    if (room === null || known.includes(room)) return [];
    const path = ['accessNumbers', index, 'room'];
    return [{ ...problem(path, room, 'the number of one of permanentRooms'), hint }];
  });
}

function roomNumbersDiffer({ permanentRooms }: Config): readonly ConfigProblem[] {
  return repeats(
    permanentRooms,
    ({ number }) => number,
    (index, earlier, { number }) =>
      problem(
        ['permanentRooms', index, 'number'],
        number,
        `a number that permanentRooms[${earlier}] does not have`,
      ),
  );
}

function pinsDiffer({ permanentRooms }: Config): readonly ConfigProblem[] {
  return permanentRooms.flatMap(({ pin, adminPin }, index) => {
    const path = ['permanentRooms', index, 'adminPin'];
    if (adminPin === null) return [];
    if (pin === null) {
      return [problem(path, adminPin, 'null, as a room without pin asks nobody for one')];
    }
    if (pin !== adminPin) return [];
    return [{ ...problem(path, adminPin, 'digits other than those of pin'), value: 'the same' }];
  });
}

function warningMinutesDiffer({ warnings }: Config): readonly ConfigProblem[] {
  return repeats(warnings.allMinutes, String, (index, _, minutes) =>
    problem(['warnings', 'allMinutes', index], minutes, 'every time once'),
  );
}
