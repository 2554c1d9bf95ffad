import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import type { Device } from './device-choice.ts';
import { keepChoices, keptChoices } from './kept-choices.ts';
import type { MicrophoneProblem } from './microphone-problem.ts';
import {
  listDevices,
  MicrophoneError,
  openMicrophone,
  problemHere,
  type Microphone,
  type SoundMode,
} from './microphone.ts';

/** Where the question about the microphone stands. */
export type MicrophoneAccess =
  | { readonly access: 'asking' }
  | { readonly access: 'open'; readonly microphone: Microphone }
  | { readonly access: 'problem'; readonly problem: MicrophoneProblem };

/** The microphone of the lobby. */
export interface LobbyMicrophone {
  readonly state: MicrophoneAccess;
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
  readonly sound: SoundMode;
  /** Opens another one; null: the same again, after something was done about a problem. */
  readonly choose: (device: Device | null) => void;
  readonly setSound: (sound: SoundMode) => void;
  /** The call takes it over: it is not closed with the lobby. */
  readonly handOver: () => void;
}

/** Asks for the microphone as soon as the lobby is there, and again when devices change. */
export function useMicrophone(): LobbyMicrophone {
  const [state, setState] = useState<MicrophoneAccess>({ access: 'asking' });
  const [lists, setLists] = useState<Awaited<ReturnType<typeof listDevices>>>({
    microphones: [],
    speakers: [],
  });
  const [sound, keepSound] = useState<SoundMode>(() => keptChoices().sound);
  const opened = useRef<Microphone | null>(null);
  const turn = useRef(0);

  const open = useCallback((wanted: Device | null, mode: SoundMode) => {
    const mine = (turn.current += 1);
    setState((before) => (before.access === 'open' ? before : { access: 'asking' }));
    openMicrophone(wanted, mode)
      .then((microphone) => {
        if (mine !== turn.current) {
          microphone.close();
          return;
        }
        opened.current?.close();
        opened.current = microphone;
        microphone.track.addEventListener('ended', () => {
          if (opened.current !== microphone) return;
          setState({ access: 'problem', problem: 'device-gone' });
        });
        setState({ access: 'open', microphone });
      })
      .catch((error: unknown) => {
        if (mine !== turn.current) return;
        opened.current?.close();
        opened.current = null;
        setState({ access: 'problem', problem: problemOf(error) });
      })
      .finally(() => void readLists(setLists));
  }, []);

  useEffect(() => {
    const aborter = new AbortController();
    open(keptChoices().microphone, sound);
    if (problemHere() === null) {
      navigator.mediaDevices.addEventListener('devicechange', () => void readLists(setLists), {
        signal: aborter.signal,
      });
    }
    return () => {
      aborter.abort();
      turn.current += 1;
      opened.current?.close();
      opened.current = null;
    };
  }, [open]);

  return {
    state,
    ...lists,
    sound,
    choose: (device) => {
      if (device !== null) keepChoices({ microphone: device });
      open(device ?? keptChoices().microphone, sound);
    },
    setSound: (mode) => {
      keepSound(mode);
      keepChoices({ sound: mode });
      open(opened.current?.device ?? keptChoices().microphone, mode);
    },
    handOver: () => {
      opened.current = null;
    },
  };
}

function problemOf(error: unknown): MicrophoneProblem {
  return error instanceof MicrophoneError ? error.problem : 'unknown';
}

async function readLists(
  show: (lists: Awaited<ReturnType<typeof listDevices>>) => void,
): Promise<void> {
  if (problemHere() !== null) return;
  try {
    show(await listDevices());
  } catch {
    // A browser that lists nothing: the one that is open does.
  }
}
