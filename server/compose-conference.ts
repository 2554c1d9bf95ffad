import { availableParallelism } from 'node:os';
import type { ClipBank } from '../mixer/protocol/mixer-command.ts';
import type { AddressBook } from './address/address-book.ts';
import { RoomDirectory } from './call/room-directory.ts';
import type { CallOffence } from './call/switchboard-options.ts';
import { Switchboard } from './call/switchboard.ts';
import { composeOrganising } from './compose-organising.ts';
import type { Organising, OrganisingPlatform } from './compose-organising.ts';
import type { Config } from './config/config.ts';
import type { DtlsHost } from './media/dtls-host.ts';
import type { MediaPoolParts } from './media/media-pool-parts.ts';
import type { MediaPool, WorkerHost } from './media/media-pool.ts';
import { createMediaPool } from './media/worker-pool.ts';
import { createGuessLimiter, DEFAULT_GUESS_LIMITS } from './reservation/guess-limiter.ts';
import type { GuessLimits } from './reservation/guess-limiter.ts';
import { sharedPortsOf } from './shared-ports.ts';
import type { DialogCommand, SipFlow } from './sip/user-agent.ts';

/** What rooms, bookings and audio stand on. */
export interface ConferencePlatform extends OrganisingPlatform {
  readonly workers: WorkerHost;
  /** Does the handshakes of browsers; null: there are none. */
  readonly dtls: DtlsHost | null;
  /** Literal addresses of this machine, for `webrtc.addresses: "auto"`. */
  readonly addresses: readonly string[];
  readonly loadClips: (config: Config) => ClipBank;
  readonly localHostFor: (flow: SipFlow) => string;
}

/** Everything behind the signalling: rooms, bookings, media. */
export interface Conference {
  readonly organising: Organising;
  readonly media: MediaPool;
  readonly switchboard: Switchboard;
}

/** What the conference tells the rest. */
export interface ConferencePorts {
  readonly sip: (command: DialogCommand) => void;
  readonly onFigures: NonNullable<MediaPoolParts['onFigures']>;
  readonly onStrain: NonNullable<MediaPoolParts['onStrain']>;
  readonly onOffence: (flow: SipFlow, offence: CallOffence) => void;
  /** Which of our addresses peers are told. */
  readonly addresses: AddressBook;
  /** The trunk whose registration has this user part in its Contact, or null. */
  readonly trunkOfContact: (user: string) => string | null;
}

/** Puts rooms, bookings and media together. */
export function composeConference(
  config: Config,
  platform: ConferencePlatform,
  ports: ConferencePorts,
): Conference {
  const { clock, random, log } = platform;
  const clips = platform.loadClips(config);
  const organising = composeOrganising(config, platform, () => directory.reservedNumbers());
  const { reservations, notices, joinLinks } = organising;
  const directory = new RoomDirectory({ config, reservations, random });
  const media = createMediaPool({
    ...mediaSettings(config, platform),
    onFigures: ports.onFigures,
    onStrain: ports.onStrain,
    emit: (event) => switchboard.mediaEvent(event),
  });
  const switchboard = new Switchboard({
    ...{ config, directory, media, clock, random, log },
    guesses: createGuessLimiter(guessLimits(config)),
    callLog: organising.callLog,
    sip: ports.sip,
    onOffence: ports.onOffence,
    addresses: ports.addresses,
    trunkOfContact: ports.trunkOfContact,
    localHostFor: platform.localHostFor,
    linkStands: (linkId) => joinLinks.stands(linkId),
    onGuessing: (number) => {
      const nowMs = clock.wallclockMs();
      const guessed = reservations.findByNumber(number, nowMs);
      if (guessed !== null) notices.reportGuessing(guessed.reservationId, nowMs);
    },
  });
  media.loadClips(clips);
  return { organising, media, switchboard };
}

function mediaSettings(
  config: Config,
  { workers, dtls, addresses, clock, random, log }: ConferencePlatform,
): Omit<MediaPoolParts, 'emit' | 'onFigures' | 'onStrain'> {
  const needsDtls = config.webrtc.enabled || config.trunks.some(({ srtp }) => srtp !== 'off');
  return {
    ...{ clock, random, log },
    host: workers,
    workers: config.media.workers === 'auto' ? availableParallelism() : config.media.workers,
    portRange: config.media.portRange,
    rtpTimeoutMs: config.media.rtpTimeoutSeconds * 1000,
    dtls: needsDtls ? dtls : null,
    sharedPorts: sharedPortsOf(config, addresses),
    opus: config.webrtc.opus,
  };
}

function guessLimits(config: Config): GuessLimits {
  const { limit, windowMinutes, refuseMinutes } = config.guessing;
  return {
    ...DEFAULT_GUESS_LIMITS,
    limit,
    windowMs: windowMinutes * 60_000,
    refuseMs: refuseMinutes * 60_000,
  };
}
