import type { SipFlow } from '../sip/user-agent.ts';

/** Who keeps flows awake. */
interface AwakePorts {
  readonly keepAwake: (flow: SipFlow) => void;
  readonly letSleep: (flow: SipFlow) => void;
}

/** Flows that registrations are bound over. Trunks of one provider share them: the last one lets go. */
export class AwakeFlows {
  readonly #ports: AwakePorts;
  readonly #holders = new Map<string, number>();

  constructor(ports: AwakePorts) {
    this.#ports = ports;
  }

  keep(flow: SipFlow): void {
    const holders = this.#holders.get(flow.flowId) ?? 0;
    this.#holders.set(flow.flowId, holders + 1);
    if (holders === 0) this.#ports.keepAwake(flow);
  }

  /** Once for each `keep`. */
  letGo(flow: SipFlow): void {
    const holders = this.#holders.get(flow.flowId) ?? 0;
    if (holders > 1) this.#holders.set(flow.flowId, holders - 1);
    else if (this.#holders.delete(flow.flowId)) this.#ports.letSleep(flow);
  }
}
