import { chooseDevice, devicesOfKind, type Device } from './device-choice.ts';
import { groundProblem, microphoneProblem, type MicrophoneProblem } from './microphone-problem.ts';
import { levelDbfs } from './voice.ts';

/** Why there is no microphone, for its words. */
export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, options?: ErrorOptions) {
    super(problem, options);
    this.problem = problem;
  }
}

/** An open microphone. */
export interface Microphone {
  readonly track: MediaStreamTrack;
  readonly device: Device;
  /** Level now, dBFS; null while the browser does not let sound be measured yet. */
  readonly level: () => number | null;
  readonly close: () => void;
}

/** `voice`: echo and noise are taken out. `original`: what the microphone hears, as for music. */
export type SoundMode = 'voice' | 'original';

/** What is in the way before anything is asked; null: nothing. */
export function problemHere(): MicrophoneProblem | null {
  return groundProblem({
    isSecure: window.isSecureContext,
    hasMediaDevices: 'mediaDevices' in navigator,
    hasPeerConnection: 'RTCPeerConnection' in window,
    hasWebSocket: 'WebSocket' in window,
  });
}

/**
 * Asks for a microphone. A wanted one that is gone is replaced by another.
 * @throws {MicrophoneError} with the reason.
 */
export async function openMicrophone(wanted: Device | null, sound: SoundMode): Promise<Microphone> {
  const problem = problemHere();
  if (problem !== null) throw new MicrophoneError(problem);
  const stream = await ask(constraintsFor(wanted?.deviceId ?? null, sound)).catch(
    async (error: unknown) => {
      if (wanted === null || !(error instanceof MicrophoneError)) throw error;
      if (error.problem !== 'device-gone' && error.problem !== 'none-found') throw error;
      const other = chooseDevice((await listDevices()).microphones, wanted);
      return ask(constraintsFor(other?.deviceId ?? null, sound));
    },
  );
  const [track] = stream.getAudioTracks();
  if (track === undefined) throw new MicrophoneError('none-found');
  const meter = createMeter(stream);
  return {
    track,
    device: { deviceId: track.getSettings().deviceId ?? '', label: track.label },
    level: meter.level,
    close: () => {
      meter.close();
      track.stop();
    },
  };
}

/** Microphones and loudspeakers that can be chosen. */
export async function listDevices(): Promise<{
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
}> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return {
    microphones: devicesOfKind(all, 'audioinput'),
    speakers: devicesOfKind(all, 'audiooutput'),
  };
}

function constraintsFor(deviceId: string | null, sound: SoundMode): MediaTrackConstraints {
  const isVoice = sound === 'voice';
  return {
    ...(deviceId === null || deviceId === '' ? {} : { deviceId: { exact: deviceId } }),
    channelCount: 1,
    echoCancellation: isVoice,
    noiseSuppression: isVoice,
    autoGainControl: isVoice,
  };
}

async function ask(audio: MediaTrackConstraints): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (cause) {
    if (!(cause instanceof Error)) throw new MicrophoneError('unknown', { cause });
    throw new MicrophoneError(microphoneProblem(cause, await permission()), { cause });
  }
}

async function permission(): Promise<PermissionState | 'unknown'> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' })).state;
  } catch {
    // Browsers that do not tell about microphones.
    return 'unknown';
  }
}

const METER_SAMPLES = 1024;

function createMeter(stream: MediaStream): { level: () => number | null; close: () => void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = METER_SAMPLES;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(METER_SAMPLES);
  return {
    level: () => {
      if (context.state !== 'running') {
        // Browsers let sound begin after a touch: the next reading may have more luck.
        void context.resume().catch(() => undefined);
        return null;
      }
      analyser.getFloatTimeDomainData(samples);
      return levelDbfs(samples);
    },
    close: () => void context.close().catch(() => undefined),
  };
}
