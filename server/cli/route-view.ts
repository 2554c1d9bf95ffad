import type { NumberReport, RoomReport, RouteReport, TrunkReport } from './route-report.ts';

const LABEL_CHARACTERS = 14;

const STEP_WORDS = {
  received: 'as it comes',
  read: 'read as a number',
  context: 'its phone context before it',
  country: 'country code',
  cut: 'cut to its greatest length',
} as const;

const REFUSED_BY: Readonly<Record<string, string>> = {
  'no-such-number': 'what is dialled is none of the access numbers',
  'on-net-only': 'the number is for on-net trunks',
};

/** What would happen to the call, a line for each thing, the verdict first. */
export function routeLines(report: RouteReport): readonly string[] {
  return [
    verdictLine(report),
    ...rows('Trunk', trunkTexts(report)),
    ...rows('Called', report.called === null ? [] : numberTexts(report.called)),
    ...rows('Caller', callerTexts(report)),
    ...rows('Access number', accessTexts(report)),
    ...rows('Leads to', leadsTo(report)),
    ...rows('Room', report.room === null ? [] : roomTexts(report.room)),
    ...rows('Limits', report.trunk === null ? [] : limitTexts(report.trunk, report)),
    ...rows('Audio', report.trunk === null ? [] : audioTexts(report.trunk)),
  ];
}

function verdictLine({ outcome, status, cause, decidedBy }: RouteReport): string {
  if (outcome === 'no-answer')
    return `No answer at all: the address is on no trunk (${decidedBy}).`;
  if (outcome === 'admitted') return `Admitted (${decidedBy}).`;
  const why = REFUSED_BY[cause ?? ''] ?? cause;
  return `Refused with ${String(status)}: ${String(why)} (${decidedBy}).`;
}

function rows(label: string, texts: readonly string[]): readonly string[] {
  return texts.map(
    (text, index) => `  ${(index === 0 ? label : '').padEnd(LABEL_CHARACTERS)} ${text}`,
  );
}

function trunkTexts({ trunk, from }: RouteReport): readonly string[] {
  if (trunk === null) return [`none has ${from}; names of hosts are looked up by the server only`];
  const { name, matched, network, onNet } = trunk;
  const where = network === null ? matched : `${matched}, ${network}`;
  return [`${name}, ${onNet ? 'on-net' : 'not on-net'} (${where})`];
}

/** Every form that the number had, with what made it. */
function numberTexts({ steps, rule, ruleName }: NumberReport): readonly string[] {
  const width = Math.max(...steps.map(({ number }) => number.length));
  return steps.map(({ step, number }) => {
    const words = step === 'rule' ? `rule ${ruleWords(rule, ruleName)}` : STEP_WORDS[step];
    return `${number.padEnd(width)}  ${words}`;
  });
}

function ruleWords(rule: string | null, name: string | null): string {
  return name === null ? String(rule) : `"${name}" (${String(rule)})`;
}

function callerTexts({ caller, trunk }: RouteReport): readonly string[] {
  if (caller === null || trunk === null) return [];
  const belief = trunk.trustIdentity ? 'is believed' : 'is not believed';
  const asserted = `P-Asserted-Identity ${belief} (${trunk.path}.trustIdentity)`;
  if (caller.number === null) return ['not told', asserted];
  const said = caller.source === 'asserted' ? 'the trunk says so' : 'the caller says so';
  return [...numberTexts({ ...caller, number: caller.number }), `${said}; ${asserted}`];
}

function accessTexts({ accessNumber }: RouteReport): readonly string[] {
  return accessNumber === null ? [] : [accessNumber];
}

function leadsTo({ entry }: RouteReport): readonly string[] {
  if (entry === null) return [];
  if (entry.type === 'menu') {
    return [`the menu; rooms by phone are ${entry.createByPhone ? 'allowed' : 'not allowed'}`];
  }
  return [
    `room ${entry.number}; its PIN is ${entry.pin === 'asked' ? 'asked for' : 'not asked for'}`,
  ];
}

function roomTexts(room: RoomReport): readonly string[] {
  const { number, state, origin, start, opens, end, maxParticipants } = room;
  if (state === 'none') return [`${number}: there is no such room`];
  if (state === 'unknown') return [`${number}: not known, the database could not be looked at`];
  const people = `at most ${String(maxParticipants)} people`;
  if (start === null) return [`${number}: open, ${String(origin)}, ${people}`];
  const times = `${start} to ${String(end)}, entry from ${String(opens)}, ${people}`;
  return [`${number}: ${stateWords(room)}`, `${String(origin)}, ${times}`];
}

function stateWords({ state, mayWait }: RoomReport): string {
  if (state === 'open') return 'open';
  if (state === 'over') return 'the reservation is over';
  return mayWait ? 'too early; the caller may wait on music' : 'too early';
}

function limitTexts(trunk: TrunkReport, { maxCalls }: RouteReport): readonly string[] {
  const { path, callsPerSecond } = trunk;
  return [
    `${trunk.maxCalls} calls at once, ${callsPerSecond} new ones a second (${path})`,
    `${maxCalls} calls over all trunks and browsers (limits.maxCalls)`,
  ];
}

function audioTexts({ codecs, srtp }: TrunkReport): readonly string[] {
  return [`${codecs.join(', ')}; SRTP ${srtp}`];
}
