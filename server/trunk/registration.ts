import { assertNever } from '../../mixer/protocol/coded-error.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type { Random } from '../runtime/random.ts';
import type { Located } from '../sip/locate/locate.ts';
import type { SipResponse } from '../sip/message.ts';
import { contactUris } from '../sip/redirect.ts';
import { backOffMs, jittered, refreshMs } from './back-off.ts';
import { isFailure } from './host-health.ts';
import type { RegisterSettings } from './register-request.ts';
import { RegisterSender } from './register-sender.ts';
import type { Asked, RegisterSenderOptions } from './register-sender.ts';
import { RegistrarChoice } from './registrar-choice.ts';
import type { Binding, Phase } from './registration-phase.ts';
import { inSeconds, placeOf, refusalTrouble, RegistrationStatus } from './registration-status.ts';
import type { RegistrationFacts } from './registration-status.ts';
import { routeSetOf } from './service-route.ts';
import { TakeBack } from './take-back.ts';
import { dnsTrouble, registrarTrouble } from './trouble.ts';
import { destinationText, retryAfterMs } from './trunk-core.ts';
import type { TrunkAction, TrunkInput } from './trunk-core.ts';

/** A registrar that refuses us is asked again within this time: only people can change it. */
const REFUSED_MS: DurationMs = 3_600_000;
/** A connection that broke sooner than this counts as a failure (RFC 5626 §4.5). */
const SHORT_FLOW_MS: DurationMs = 120_000;
/** After a connection broke that had lasted, the next REGISTER comes within this time. */
const RECOVERY_MS: DurationMs = 3000;
/** How often we look whether our own address is still the one that we registered. */
const WATCH_MS: DurationMs = 60_000;

/** Refusals that only people can do something about. */
const FINAL_REFUSALS: ReadonlySet<number> = new Set([403, 404, 604]);

/** Our registration with one provider (RFC 3261 §10, RFC 5626 §4.5): kept for as long as it is not stopped. */
export class Registration implements Core<TrunkInput, TrunkAction> {
  readonly #settings: RegisterSettings;
  readonly #random: Random;
  readonly #sender: RegisterSender;
  readonly #choice = new RegistrarChoice();
  readonly #status: RegistrationStatus;
  #phase: Phase = { state: 'idle' };
  #binding: Binding | null = null;
  /** The shortest Retry-After of this round. */
  #retryAfterMs: DurationMs | null = null;
  #watchAtMs: MonotonicMs = NEVER;
  #actions: TrunkAction[] = [];

  constructor(options: RegisterSenderOptions) {
    const { trunk, settings, random } = options;
    this.#settings = settings;
    this.#random = random;
    this.#sender = new RegisterSender(options);
    this.#status = new RegistrationStatus(trunk, settings.server);
  }

  /** User part of the Contact that calls of this registration come to. */
  get contactUser(): string {
    return this.#sender.contactUser;
  }

  /** Where the registrar is known to be: calls come from there. */
  get hosts(): readonly string[] {
    const bound = this.#binding === null ? [] : [this.#binding.destination.host];
    return [...this.#choice.hosts, ...bound];
  }

  /** The routes that calls of ours through the registrar are to take (RFC 3608); none while it does not know us. */
  get routeSet(): readonly string[] {
    return this.#binding?.routeSet ?? [];
  }

  get deadlineMs(): MonotonicMs {
    const phase = this.#phase;
    const boundUntilMs = this.#binding?.untilMs ?? NEVER;
    switch (phase.state) {
      case 'stopped':
        return NEVER;
      case 'taking-back':
        return phase.takeBack.untilMs;
      case 'waiting':
        return Math.min(phase.untilMs, this.#watchAtMs, boundUntilMs);
      case 'idle':
      case 'locating':
      case 'asking':
        return boundUntilMs;
    }
  }

  handle(input: TrunkInput | Timeout, nowMs: MonotonicMs): readonly TrunkAction[] {
    this.#actions = [];
    if (this.#phase.state !== 'stopped') this.#take(input, nowMs);
    return [...this.#actions, ...this.#status.tell(this.#phase, this.#binding, nowMs)];
  }

  /** How it stands. */
  facts(): RegistrationFacts {
    return this.#status.facts(this.#phase, this.#binding);
  }

  #take(input: TrunkInput | Timeout, nowMs: MonotonicMs): void {
    const phase = this.#phase;
    switch (input.type) {
      case 'start':
        if (phase.state === 'idle') this.#locate();
        return;
      case 'located':
        if (phase.state === 'locating') this.#onLocated(input.located, nowMs);
        else if (phase.state === 'waiting') this.#review(input.located, nowMs);
        return;
      case 'answered':
        return this.#onAnswer(input.requestId, input.response, nowMs);
      case 'failed':
        return this.#onSilence(input.requestId, input.why, nowMs);
      case 'flow-closed':
        return this.#onFlowClosed(input.flowId, nowMs);
      case 'address-changed':
        if (phase.state === 'waiting') this.#watch(nowMs);
        return;
      case 'host-changed':
        return this.#onHostChanged(input.destination, input.state, nowMs);
      case 'heard':
        return;
      case 'stop':
        return this.#stop(nowMs);
      case 'timeout':
        return this.#onTimeout(nowMs);
      default:
        assertNever(input);
    }
  }

  #onTimeout(nowMs: MonotonicMs): void {
    const phase = this.#phase;
    if (phase.state === 'taking-back') {
      if (phase.takeBack.untilMs <= nowMs) this.#end();
      return;
    }
    if (this.#binding !== null && this.#binding.untilMs <= nowMs) this.#unbind();
    if (phase.state !== 'waiting') return;
    if (phase.untilMs <= nowMs) this.#locate();
    else if (this.#watchAtMs <= nowMs) this.#watch(nowMs);
  }

  #locate(): void {
    this.#phase = { state: 'locating' };
    this.#look();
  }

  #look(): void {
    this.#actions.push({ type: 'locate', host: this.#settings.server });
  }

  #onLocated(located: Located, nowMs: MonotonicMs): void {
    this.#choice.located(located);
    this.#actions.push({ type: 'addresses' });
    this.#retryAfterMs = null;
    this.#choice.beginRound(this.#binding?.destination ?? null, nowMs);
    if (located.type === 'none') this.#status.silence(registrarTrouble('no-address'));
    if (located.type === 'failed') this.#status.silence(dnsTrouble(located.why));
    this.#tryNext(nowMs);
  }

  /** Asks the next destination of this round, or waits when there is none left. */
  #tryNext(nowMs: MonotonicMs): void {
    const destination = this.#choice.next();
    if (destination === null) return this.#backOff(nowMs);
    this.#send(this.#sender.first(destination, 'bind', this.#binding?.contact ?? null));
  }

  /** `asked` — a new REGISTER to bind us. */
  #send(asked: Asked): void {
    this.#post(asked);
    this.#phase = { state: 'asking', asked };
  }

  #post(asked: Asked): void {
    this.#status.sent(asked);
    this.#actions.push({ type: 'request', request: asked.request });
  }

  #backOff(nowMs: MonotonicMs): void {
    this.#status.failed();
    const { failures } = this.#status;
    const askedMs = this.#retryAfterMs;
    this.#retryAfterMs = null;
    const waitMs =
      askedMs === null
        ? backOffMs(failures, this.#random)
        : askedMs + this.#random.integer(Math.ceil(askedMs / 10));
    if (failures === 1 && this.#binding !== null) {
      const facts = {
        reason: this.#status.facts(this.#phase, null).lastError,
        nextTrySeconds: inSeconds(waitMs),
      };
      this.#actions.push(this.#status.line('warn', 'a registration is not refreshed', facts));
    }
    this.#wait('back-off', nowMs + waitMs, nowMs);
  }

  #wait(why: 'refresh' | 'back-off' | 'refused', untilMs: MonotonicMs, nowMs: MonotonicMs): void {
    this.#phase = { state: 'waiting', why, untilMs };
    this.#watchAtMs = why === 'refresh' ? nowMs + WATCH_MS : NEVER;
  }

  #onAnswer(requestId: string, response: SipResponse, nowMs: MonotonicMs): void {
    const phase = this.#phase;
    if (phase.state !== 'asking' && phase.state !== 'taking-back') return;
    const { asked } = phase.state === 'asking' ? phase : phase.takeBack;
    if (asked.request.requestId !== requestId) return;
    if (phase.state === 'taking-back') return this.#onTakenBack(phase.takeBack, response);
    this.#actions.push(...this.#status.answered(response));
    const { status } = response;
    this.#heard(asked, isFailure(status) ? 'failed' : 'served');
    if (status < 300) return this.#onAccepted(asked, response, nowMs);
    if (status === 401 || status === 407) return this.#onChallenge(asked, response, nowMs);
    if (status === 423) return this.#onTooBrief(asked, response, nowMs);
    this.#status.unwelcome(response);
    if (status < 400) this.#choice.prefer(contactUris(response));
    if (FINAL_REFUSALS.has(status)) return this.#onRefused(nowMs);
    const waitMs = status >= 500 || status === 480 ? retryAfterMs(response) : null;
    if (waitMs !== null) this.#retryAfterMs = Math.min(waitMs, this.#retryAfterMs ?? waitMs);
    this.#giveUp(asked, nowMs);
  }

  #onSilence(requestId: string, why: 'timeout' | 'transport', nowMs: MonotonicMs): void {
    const phase = this.#phase;
    if (phase.state !== 'asking' && phase.state !== 'taking-back') return;
    const { asked } = phase.state === 'asking' ? phase : phase.takeBack;
    if (asked.request.requestId !== requestId) return;
    if (phase.state === 'taking-back') return this.#end();
    const code = why === 'timeout' ? 'no-answer' : 'unreachable';
    this.#status.silence(registrarTrouble(code));
    this.#heard(asked, 'failed');
    this.#giveUp(asked, nowMs);
  }

  #heard({ destination }: Asked, outcome: 'served' | 'failed'): void {
    this.#actions.push({ type: 'heard', destination: destinationText(destination), outcome });
  }

  /** This destination will not do. */
  #giveUp(asked: Asked, nowMs: MonotonicMs): void {
    this.#choice.failed(asked.destination, nowMs);
    this.#tryNext(nowMs);
  }

  #onAccepted(asked: Asked, response: SipResponse, nowMs: MonotonicMs): void {
    if (asked.exchange.proof(response) === 'wrong') {
      this.#actions.push(this.#status.unproven());
      return this.#giveUp(asked, nowMs);
    }
    const lifeMs = this.#sender.accepted(asked, response) * 1000;
    if (lifeMs === 0) {
      this.#status.trouble(registrarTrouble('no-time'));
      return this.#giveUp(asked, nowMs);
    }
    const { destination, contact } = asked;
    const { flow } = asked.route.target;
    const before = this.#binding;
    const isSameFlow = before?.flow.flowId === flow.flowId;
    const sinceMs = before !== null && isSameFlow ? before.sinceMs : nowMs;
    if (!isSameFlow) {
      this.#letSleep();
      this.#actions.push({ type: 'keep-awake', flow });
    }
    const routeSet = routeSetOf(response);
    this.#binding = { untilMs: nowMs + lifeMs, sinceMs, destination, flow, contact, routeSet };
    this.#status.succeeded(response);
    this.#choice.answered(destinationText(destination));
    this.#actions.push({ type: 'addresses' });
    this.#wait('refresh', nowMs + refreshMs(lifeMs, this.#random), nowMs);
  }

  #onChallenge(asked: Asked, response: SipResponse, nowMs: MonotonicMs): void {
    const verdict = asked.exchange.challenged(response);
    if (verdict.then === 'again') return this.#sendAgain(asked, nowMs);
    this.#status.trouble(refusalTrouble(verdict, this.#settings));
    this.#onRefused(nowMs);
  }

  #onTooBrief(asked: Asked, response: SipResponse, nowMs: MonotonicMs): void {
    if (this.#sender.takesLonger(asked, response) === 'yes') return this.#sendAgain(asked, nowMs);
    this.#status.trouble(registrarTrouble('no-interval'));
    this.#giveUp(asked, nowMs);
  }

  #sendAgain(asked: Asked, nowMs: MonotonicMs): void {
    const again = this.#sender.again(asked, this.#binding?.contact ?? null);
    if (again !== null) return this.#send(again);
    this.#status.trouble(registrarTrouble('endless-challenges'));
    this.#giveUp(asked, nowMs);
  }

  #onRefused(nowMs: MonotonicMs): void {
    this.#status.failed();
    // Registrars lock accounts and ban addresses for wrong passwords: each try shows it once, not twice.
    this.#sender.refused();
    this.#wait('refused', nowMs + jittered(REFUSED_MS, this.#random), nowMs);
  }

  #onFlowClosed(flowId: string, nowMs: MonotonicMs): void {
    const binding = this.#binding;
    const phase = this.#phase;
    if (binding?.flow.flowId !== flowId || phase.state === 'taking-back') return;
    this.#unbind();
    this.#status.silence(registrarTrouble('connection-broke'));
    // A REGISTER that is on its way over it fails by itself.
    if (phase.state !== 'waiting' || phase.why !== 'refresh') return;
    if (nowMs - binding.sinceMs < SHORT_FLOW_MS) return this.#backOff(nowMs);
    this.#wait('back-off', nowMs + this.#random.integer(RECOVERY_MS), nowMs);
  }

  /**
   * A host is there again, or no longer: the registration moves, or is tried again after a silence. A registrar that has
   * answered knows best when it wants to be asked again.
   */
  #onHostChanged(destination: string, to: 'up' | 'down' | 'unknown', nowMs: MonotonicMs): void {
    const phase = this.#phase;
    if (to === 'up') this.#choice.answered(destination);
    if (phase.state !== 'waiting' || phase.why === 'refused') return;
    if (phase.why === 'refresh') return this.#look();
    const wasSilent = this.#status.facts(phase, null).lastStatus === null;
    if (to === 'up' && wasSilent) this.#soon(phase, nowMs);
  }

  /** Looks whether the binding is where it belongs, as things stand now. */
  #review(located: Located, nowMs: MonotonicMs): void {
    const phase = this.#phase;
    const destination = this.#binding?.destination ?? null;
    if (phase.state !== 'waiting' || phase.why !== 'refresh' || destination === null) return;
    this.#choice.located(located);
    const best = this.#choice.best(destination, nowMs);
    if (best !== null && best !== destinationText(destination)) this.#soon(phase, nowMs);
  }

  /** With some jitter: others have noticed it too. */
  #soon(phase: Extract<Phase, { state: 'waiting' }>, nowMs: MonotonicMs): void {
    const untilMs = Math.min(phase.untilMs, nowMs + this.#random.integer(RECOVERY_MS));
    this.#phase = { ...phase, untilMs };
  }

  /** Registers anew when the address that the registrar knows is no longer ours. Whoever fails has other worries. */
  #watch(nowMs: MonotonicMs): void {
    const binding = this.#binding;
    const isWell = this.#phase.state === 'waiting' && this.#phase.why === 'refresh';
    this.#watchAtMs = binding === null || !isWell ? NEVER : nowMs + WATCH_MS;
    if (binding === null || !isWell) return;
    const contact = this.#sender.contactFor(binding.destination);
    if (contact === binding.contact) return;
    const facts = { was: placeOf(binding.contact), is: placeOf(contact) };
    this.#actions.push(this.#status.line('info', 'our own address has changed', facts));
    this.#locate();
  }

  #stop(nowMs: MonotonicMs): void {
    const phase = this.#phase;
    if (phase.state === 'taking-back') return;
    const asking = phase.state === 'asking' ? phase.asked : null;
    const isFailing = phase.state === 'waiting' && phase.why === 'back-off';
    const registrar = isFailing ? 'failing' : 'there';
    const from = { asking, bound: this.#binding, registrar } as const;
    const takeBack = TakeBack.begin(this.#sender, from, nowMs);
    if (takeBack === null) return this.#end();
    this.#post(takeBack.asked);
    this.#phase = { state: 'taking-back', takeBack };
  }

  #onTakenBack(takeBack: TakeBack, response: SipResponse): void {
    const again = takeBack.answered(response);
    if (again === null) this.#end();
    else this.#post(again);
  }

  #end(): void {
    this.#phase = { state: 'stopped' };
    this.#unbind();
    this.#actions.push({ type: 'stopped' });
  }

  #letSleep(): void {
    if (this.#binding !== null) {
      this.#actions.push({ type: 'let-sleep', flow: this.#binding.flow });
    }
  }

  #unbind(): void {
    if (this.#binding === null) return;
    this.#letSleep();
    this.#binding = null;
    this.#actions.push({ type: 'addresses' });
  }
}
