import type { ServerCpu } from './browser-cpu.ts';
import type { JoinReport, RoomReport } from './browser-legs.ts';
import type { PhonesReport } from './browser-phones.ts';
import { spreadOf, spreadText } from './panel-figures.ts';
import { ticksOf } from './tick-figures.ts';
import type { WorkerProfile } from './worker-profile.ts';

/** What was measured while everybody did one thing. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
  readonly browsers: number;
  readonly cpu: ServerCpu;
  /** Of the browsers, by room. */
  readonly reports: readonly RoomReport[];
  readonly phones: PhonesReport | null;
}

const CPU_LIMIT_US = 3000;
const JOIN_LIMIT_MS = 1500;
const DELAY_P50_LIMIT_MS = 60;
const DELAY_P95_LIMIT_MS = 90;
/** Of all ticks, those that may be later than 5 ms: p99. */
const OVERDUE_LIMIT = 0.01;
/** A browser that gets fewer in a second is cut off; 50 are sent, less what this machine has no time for. */
const FEWEST_PACKETS = 20;
/** A tone further off than this is not heard as it should be. */
const LEVEL_FAULT_DB = 6;
/** A tone of somebody who must not be heard, this far below its level, is heard all the same. */
const STRANGE_FAULT_DB = -12;

/** Says what the server that was measured had loaded. */
export function printAddOns(addOns: readonly string[]): void {
  const loaded = addOns.length === 0 ? 'none' : addOns.join(', ');
  print(`  add-ons of ours that this server has loaded: ${loaded}`);
}

/** Says how everybody joined. */
export function printJoins(facts: {
  readonly joined: JoinReport;
  readonly seconds: number;
  readonly cpu: ServerCpu;
}): void {
  const { joined, seconds, cpu } = facts;
  const connected = spreadOf(joined.joins.map(({ connectedMs }) => connectedMs));
  const first = spreadOf(joined.joins.map(({ firstPacketMs }) => firstPacketMs));
  print(`  ${joined.joins.length} browsers joined in ${seconds.toFixed(1)} s`);
  print(`    seat asked for to keys agreed:     ${spreadText(connected)}`);
  print(
    `    seat asked for to the first packet: ${spreadText(first)} (limit p95 ${JOIN_LIMIT_MS} ms: ${verdict(first.p95Ms, JOIN_LIMIT_MS)})`,
  );
  const each = (used: number): string => ((used / joined.joins.length) * 1000).toFixed(1);
  print(
    `    CPU per join: main thread ${each(cpu.main)} ms, DTLS and others ${each(cpu.other)} ms`,
  );
}

/** Prints what was measured; returns what did not work. */
export function printPhase(phase: Phase): readonly string[] {
  const { reports, phones, browsers, seconds, cpu } = phase;
  const legs = browsers + (phones?.up ?? 0);
  const us = (used: number): string => microseconds(used, seconds, legs).toFixed(0);
  const total = microseconds(cpu.total, seconds, legs);
  const limit = browsers > 0 ? ` (limit ${CPU_LIMIT_US}: ${verdict(total, CPU_LIMIT_US)})` : '';
  print(`  ${phase.name}`);
  print(`    CPU ${total.toFixed(0)} us per leg per s${limit}; ${threads(cpu, us)}`);
  if (browsers > 0) print(`    browsers: ${browsersText(reports)}`);
  if (phones !== null) print(`    phones: ${phonesText(phones)}`);
  return faultsOf(phase);
}

/** Says what a phone costs among browsers against what it costs among phones. */
export function printPhones(phases: {
  readonly alone: Phase;
  readonly mixed: Phase;
  readonly onlyPhones: Phase;
}): void {
  const { alone, mixed, onlyPhones } = phases;
  const phones = mixed.phones?.up ?? 0;
  const rate = ({ cpu, seconds }: Phase): number => cpu.total / seconds;
  const among = ((rate(mixed) - rate(alone)) / phones) * 1e6;
  const apart = (rate(onlyPhones) / phones) * 1e6;
  print(
    `  a phone costs ${among.toFixed(0)} us per s among browsers (what the run with phones takes more than that without), ` +
      `${apart.toFixed(0)} us without them: ${(among / apart).toFixed(2)} x`,
  );
}

/** Says how late ticks were since then. */
export function printTicks(log: readonly unknown[], sinceMs: number): void {
  const { ticks, overdue, worstLateMs } = ticksOf(log, sinceMs);
  if (ticks === 0) {
    print('  ticks: no figures (they come every 10 s)');
    return;
  }
  const share = ((overdue / ticks) * 100).toFixed(2);
  print(
    `  ticks: ${overdue} of ${ticks} later than 5 ms, ${share} % (limit ${OVERDUE_LIMIT * 100} %, so that p99 is below: ` +
      `${verdict(overdue, ticks * OVERDUE_LIMIT)}); worst ${worstLateMs.toFixed(1)} ms; all media workers, since 10 s after the last join`,
  );
}

/** Says what media workers do, by a profile of V8's sampler and in shares of the CPU time that was measured without it. */
export function printProfile({ split, functions, totalUs }: WorkerProfile, phase: Phase): void {
  const media = phase.cpu.media ?? phase.cpu.total;
  const whole = microseconds(media, phase.seconds, phase.browsers);
  const text = (sums: ReadonlyMap<string, number>, most: number): readonly string[] =>
    [...sums]
      .toSorted(([, one], [, other]) => other - one)
      .slice(0, most)
      .map(([name, us]) => {
        const share = us / totalUs;
        return `${(whole * share).toFixed(0).padStart(5)} us ${(share * 100).toFixed(0).padStart(3)} %  ${name}`;
      });
  print(
    `  what media workers do with their ${whole.toFixed(0)} us per browser per s ("${phase.name}";`,
  );
  print('  shares of a sampling profile taken right after it, waiting left out):');
  for (const line of text(split, 10)) print(`    ${line}`);
  print('  and the functions that take most, with what they call that is not ours:');
  for (const line of text(functions, 12)) print(`    ${line}`);
}

function browsersText(reports: readonly RoomReport[]): string {
  const delays = spreadOf(reports.flatMap(({ delaysMs }) => delaysMs));
  const worst = Math.max(...reports.map(({ worstLevelDb }) => Math.abs(worstLevelDb ?? 0)));
  return [
    `lost ${sum(reports, 'lost')} of ${sum(reports, 'packets')} packets (limit 0), refused ${sum(reports, 'refused')}`,
    `delay p50 ${delays.p50Ms.toFixed(1)} ms (limit ${DELAY_P50_LIMIT_MS}: ${verdict(delays.p50Ms, DELAY_P50_LIMIT_MS)}) p95 ${delays.p95Ms.toFixed(1)} ms (limit ${DELAY_P95_LIMIT_MS}: ${verdict(delays.p95Ms, DELAY_P95_LIMIT_MS)}) of ${delays.count} bursts`,
    `tones off by ${worst.toFixed(1)} dB at most, wrong ones ${Math.max(...reports.map(({ strangestDb }) => strangestDb)).toFixed(0)} dB`,
    `our own packets late by ${Math.max(...reports.map(({ worstLateMs }) => worstLateMs)).toFixed(0)} ms at most`,
  ].join('; ');
}

function phonesText(phones: PhonesReport): string {
  const level = phones.worstLevelDb === null ? '-' : phones.worstLevelDb.toFixed(1);
  const late = phones.worstLateMs.toFixed(0);
  return `lost ${phones.lost} of ${phones.packets} packets (limit 0); tones off by ${level} dB at most; our own packets late by ${late} ms at most`;
}

function faultsOf({ reports, phones, browsers, seconds }: Phase): readonly string[] {
  const faults: string[] = [];
  if (browsers > 0 && sum(reports, 'up') !== browsers) {
    faults.push(`only ${sum(reports, 'up')} of ${browsers} browsers are up`);
  }
  for (const report of reports) {
    if (report.refused > 0) faults.push(`${report.refused} packets could not be opened`);
    if (report.fewestPackets < seconds * FEWEST_PACKETS) {
      faults.push(`a browser got ${report.fewestPackets} packets in ${seconds.toFixed(0)} s`);
    }
    if (Math.abs(report.worstLevelDb ?? 0) > LEVEL_FAULT_DB) faults.push('a talker is not heard');
    if (report.strangestDb > STRANGE_FAULT_DB) faults.push('somebody is heard who must not be');
    if (report.delaysMs.length === 0) faults.push('no burst was heard');
  }
  if (phones !== null && Math.abs(phones.worstLevelDb ?? 0) > LEVEL_FAULT_DB) {
    faults.push('a talking phone is not heard by phones');
  }
  return faults;
}

function threads(cpu: ServerCpu, text: (seconds: number) => string): string {
  const media = cpu.media === null ? 'among the others' : text(cpu.media);
  return `media workers ${media}, main thread ${text(cpu.main)}, others (DTLS, V8) ${text(cpu.other)}`;
}

function microseconds(seconds: number, durationSeconds: number, legs: number): number {
  return (seconds / durationSeconds / Math.max(1, legs)) * 1e6;
}

function sum(reports: readonly RoomReport[], key: 'up' | 'lost' | 'packets' | 'refused'): number {
  return reports.reduce((total, report) => total + report[key], 0);
}

/** A figure against the most that it may be. */
function verdict(figure: number, limit: number): string {
  return figure <= limit ? 'holds' : 'EXCEEDED';
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
