import type { Device } from './device-choice.ts';

/** What the room sounds through. */
export interface RoomAudio {
  readonly play: (track: MediaStreamTrack) => void;
  /** Chooses the loudspeaker; null: the device's own choice. */
  readonly useSpeaker: (speaker: Device | null) => Promise<'done' | 'not-possible'>;
  /** Tries again after a touch. */
  readonly turnOn: () => void;
  readonly close: () => void;
}

/** One audio element outside of the pages' parts, so that nothing that is drawn anew interrupts it. */
export function createRoomAudio(sound: (state: 'on' | 'blocked') => void): RoomAudio {
  const element = document.createElement('audio');
  element.autoplay = true;
  element.setAttribute('playsinline', '');
  element.dataset['roomAudio'] = '';
  document.body.append(element);

  const start = (): void => {
    element.play().then(
      () => sound('on'),
      (error: unknown) => {
        // Cut short by the next track, which starts by itself.
        if (error instanceof Error && error.name === 'NotAllowedError') sound('blocked');
      },
    );
  };
  return {
    play: (track) => {
      element.srcObject = new MediaStream([track]);
      start();
    },
    useSpeaker: async (speaker) => {
      if (!canChooseSpeaker()) return 'not-possible';
      try {
        await element.setSinkId(speaker?.deviceId ?? '');
        return 'done';
      } catch {
        // Unplugged, or not allowed: the device's own choice goes on.
        return 'not-possible';
      }
    },
    turnOn: start,
    close: () => {
      element.srcObject = null;
      element.remove();
    },
  };
}

/** Whether this browser lets pages choose where sound comes out. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in HTMLMediaElement.prototype;
}
