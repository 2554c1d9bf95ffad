/**
 * Writes scenarios for sipp 3.6. They run with `-default_behaviors none`: what a step does not expect is passed over, as
 * if it were lost, and comes again by the timers of whoever sent it. So the order of arrival decides nothing, and
 * whatever our side leaves out for good still ends the run as a failure.
 */

/** One step of a scenario, in XML. */
export type Step = string;

/** A request of the side that called, or of the one that was called. */
export interface SippRequest {
  readonly method: string;
  /** Number, or `[cseq]` in loops, which counts by itself. */
  readonly cseq: number | '[cseq]';
  /** Further header lines. */
  readonly lines?: readonly string[];
  readonly sdp?: 'none' | 'sendrecv' | 'sendonly';
  /** A body that is no SDP, with its type. */
  readonly body?: readonly [type: string, ...lines: string[]];
  /** Whose request it is: of the caller before and within the dialog, or of the one who was called. */
  readonly from?: 'caller' | 'callee';
  readonly toTag?: 'with' | 'without';
  /** Of an ACK: a transaction of its own, or that of its INVITE, which a refusal asks for. */
  readonly branch?: 'own' | 'of-invite';
  /** Made again until something comes. Not for ACK. */
  readonly repeated?: 'until-answered' | 'never';
  /** Name of the transaction, which `answered` waits for. */
  readonly name?: string;
}

/** What is waited for. */
export interface SippReceive {
  readonly optional?: boolean;
  readonly transaction?: string;
  /** Where to go on; with `when`, only if that variable is set. */
  readonly next?: string;
  readonly when?: string;
  readonly counter?: string;
  readonly timeoutMs?: number;
  readonly onTimeout?: string;
  readonly keepRoute?: boolean;
  readonly actions?: readonly string[];
}

/** Puts a scenario together. */
export function sippScenario(name: string, ...steps: readonly (Step | readonly Step[])[]): string {
  const text = steps.flat().join('\n');
  const variables = new Set([...text.matchAll(/assign_to="([^"]+)"/g)].map((match) => match[1]));
  const reference =
    variables.size === 0 ? '' : `<Reference variables="${[...variables].join(',')}" />\n`;
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="${name}">\n${text}\n${reference}</scenario>\n`;
}

/** SDP of sipp. */
function sdpLines(direction: 'sendrecv' | 'sendonly'): readonly string[] {
  return [
    'v=0',
    'o=sipp 1 1 IN IP4 [local_ip]',
    's=-',
    'c=IN IP4 [media_ip]',
    't=0 0',
    'm=audio [media_port] RTP/AVP 8 0 101',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    `a=${direction}`,
  ];
}

/** Sends a request. */
export function ask(request: SippRequest): Step {
  const { method, cseq, from = 'caller' } = request;
  const isAck = method === 'ACK';
  const isOfDialog =
    (request.toTag ??
      ((method === 'INVITE' || method === 'CANCEL') && cseq === 1 ? 'without' : 'with')) === 'with';
  const isOfInvite = method === 'CANCEL' || request.branch === 'of-invite';
  const uri =
    isOfDialog && !(isOfInvite && cseq === 1)
      ? '[next_url]'
      : 'sip:[service]@[remote_ip]:[remote_port]';
  const branch = `z9hG4bK-[pid]-[call_number]-${from}-${cseq}${isAck && request.branch !== 'of-invite' ? '-ack' : ''}`;
  const parties =
    from === 'caller'
      ? [
          'From: "sipp" <sip:600100[call_number]@[local_ip]:[local_port]>;tag=[pid]-[call_number]',
          `To: <sip:[service]@[remote_ip]:[remote_port]>${isOfDialog ? '[peer_tag_param]' : ''}`,
        ]
      : ['From:[$to];tag=[pid]-[call_number]', 'To:[$from]'];
  const [type, body] = bodyOf(request.sdp, request.body);
  const attributes = [
    isAck || request.repeated === 'never' ? '' : ' retrans="500"',
    request.name === undefined ? '' : ` ${isAck ? 'ack' : 'start'}_txn="${request.name}"`,
  ].join('');
  return message(attributes, [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=${branch}`,
    ...parties,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    ...(isAck ? [] : ['Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>']),
    'Max-Forwards: 70',
    ...(request.lines ?? []),
    ...type,
    ...body,
  ]);
}

/** Answers the request that came last, or the INVITE that `awaitInvite` has kept. */
export function respond(parts: {
  readonly status: string;
  readonly to?: 'last' | 'invite';
  /** CSeq of that INVITE. */
  readonly cseq?: number;
  /** Tag of To, for the answers to the INVITE. */
  readonly tag?: string;
  /** sipp itself when nothing is said; `last`: that of the request. */
  readonly contact?: string;
  readonly lines?: readonly string[];
  /** `with-isup`: in a multipart, as a telephone exchange sends it. */
  readonly sdp?: 'none' | 'sendrecv' | 'with-isup';
  readonly repeated?: 'until-answered' | 'never';
}): Step {
  const { to = 'last', cseq = 1, tag = '[pid]-[call_number]' } = parts;
  const [type, body] = bodyOf(parts.sdp, undefined);
  const copied =
    to === 'last'
      ? ['[last_Via:]', '[last_From:]', '[last_To:]', '[last_Call-ID:]', '[last_CSeq:]']
      : [
          'Via:[$via]',
          'From:[$from]',
          `To:[$to];tag=${tag}`,
          'Call-ID: [call_id]',
          `CSeq: ${cseq} INVITE`,
        ];
  return message(parts.repeated === 'until-answered' ? ' retrans="500"' : '', [
    `SIP/2.0 ${parts.status}`,
    ...copied,
    parts.contact === 'last'
      ? '[last_Contact:]'
      : `Contact: ${parts.contact ?? '<sip:sipp@[local_ip]:[local_port];transport=[transport]>'}`,
    ...(parts.lines ?? []),
    ...type,
    ...body,
  ]);
}

/** Waits for an answer. */
export function answered(status: number, options: SippReceive = {}): Step {
  return receive(`response="${status}"`, options);
}

/** Waits for a request. */
export function awaited(method: string, options: SippReceive = {}): Step {
  return receive(`request="${method}"`, options);
}

/** Waits for an INVITE and keeps what its answers repeat. */
export function awaitInvite(options: SippReceive = {}): Step {
  return awaited('INVITE', {
    ...options,
    keepRoute: true,
    actions: [
      '<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via" />',
      '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="from" />',
      '<ereg regexp=".*" search_in="hdr" header="To:" assign_to="to" />',
      ...(options.actions ?? []),
    ],
  });
}

export function label(name: string): Step {
  return `<label id="${name}" />`;
}

/** Goes to a label; with `when`, only if that variable is set. */
export function goTo(next: string, when?: string): Step {
  return `<nop next="${next}"${when === undefined ? '' : ` test="${when}"`} />`;
}

/** Counts how often it comes here. */
export function count(counter: string): Step {
  return `<nop counter="${counter}" />`;
}

/** Waits. */
export function wait(durationMs: number): Step {
  return `<pause milliseconds="${durationMs}" />`;
}

/** Says again what it has said to whoever asks again, until nobody can be asking any more. */
export function linger(durationMs = 8000): Step {
  return `<timewait milliseconds="${durationMs}" />`;
}

/** An action that fails the call unless a header bears a text. */
export function mustBear(header: string, regexp: string, variable: string): string {
  return `<ereg regexp="${regexp}" search_in="hdr" header="${header}:" check_it="true" assign_to="${variable}" />`;
}

/** An action that fails the call unless the body bears a text. */
export function bodyMustBear(regexp: string, variable: string): string {
  return `<ereg regexp="${regexp}" search_in="body" check_it="true" assign_to="${variable}" />`;
}

/** An action that sets a variable when a header bears a text. */
export function note(header: string, regexp: string, variable: string): string {
  return `<ereg regexp="${regexp}" search_in="hdr" header="${header}:" assign_to="${variable}" />`;
}

/** Does some steps so many times. */
export function repeat(name: string, rounds: number, ...steps: readonly Step[]): readonly Step[] {
  const counter = `${name}-rounds`;
  return [
    label(`${name}-again`),
    ...steps,
    `<nop next="${name}-again" test="${name}-more"><action><add assign_to="${counter}" value="1" /><test assign_to="${name}-more" variable="${counter}" compare="less_than" value="${rounds}" /></action></nop>`,
  ];
}

function receive(what: string, options: SippReceive): Step {
  const attributes = [
    what,
    options.optional === true ? 'optional="true"' : '',
    options.keepRoute === true ? 'rrs="true"' : '',
    options.transaction === undefined ? '' : `response_txn="${options.transaction}"`,
    options.next === undefined ? '' : `next="${options.next}"`,
    options.when === undefined ? '' : `test="${options.when}"`,
    options.counter === undefined ? '' : `counter="${options.counter}"`,
    options.timeoutMs === undefined ? '' : `timeout="${options.timeoutMs}"`,
    options.onTimeout === undefined ? '' : `ontimeout="${options.onTimeout}"`,
  ].filter((attribute) => attribute !== '');
  const actions = options.actions ?? [];
  const inside = actions.length === 0 ? '' : `<action>${actions.join('')}</action>`;
  return `<recv ${attributes.join(' ')}>${inside}</recv>`;
}

function bodyOf(
  sdp: 'none' | 'sendrecv' | 'sendonly' | 'with-isup' | undefined,
  body: readonly [string, ...string[]] | undefined,
): readonly [type: readonly string[], body: readonly string[]] {
  if (body !== undefined) {
    const [type, ...lines] = body;
    return [[`Content-Type: ${type}`, 'Content-Length: [len]', ''], lines];
  }
  if (sdp === undefined || sdp === 'none') return [['Content-Length: 0', ''], []];
  if (sdp === 'with-isup') {
    const type = `Content-Type: multipart/mixed;boundary=${BOUNDARY}`;
    return [[type, 'Content-Length: [len]', ''], besideIsup(sdpLines('sendrecv'))];
  }
  return [['Content-Type: application/sdp', 'Content-Length: [len]', ''], sdpLines(sdp)];
}

const BOUNDARY = 'sipp-boundary';

function besideIsup(sdp: readonly string[]): readonly string[] {
  return [
    `--${BOUNDARY}`,
    'Content-Type: application/isup;version=itu-t92+',
    'Content-Disposition: signal;handling=optional',
    '',
    'ACM 06 00 00',
    `--${BOUNDARY}`,
    'Content-Type: application/sdp',
    '',
    ...sdp,
    `--${BOUNDARY}--`,
  ];
}

function message(attributes: string, lines: readonly string[]): Step {
  return `<send${attributes}><![CDATA[\n\n${lines.map((line) => `      ${line}`.trimEnd()).join('\n')}\n\n]]></send>`;
}
