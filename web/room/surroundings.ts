/** What the browser and the device tell a call, and are told by it. */
export interface SurroundingsEvents {
  /** Another network, or one again. */
  readonly networkChanged: () => void;
  /** Devices were plugged in or out. */
  readonly devicesChanged: () => void;
  /** A key of a headset, the lock screen or the picture of the tab. */
  readonly toggleMicrophone: () => void;
  readonly hangUp: () => void;
  /** The page is being closed, not only put aside. */
  readonly closing: () => void;
}

/** Ties to the device while a call lasts. */
export interface Surroundings {
  readonly microphone: (mode: 'live' | 'muted') => void;
  readonly close: () => void;
}

/** Keeps the screen awake, shows the call on the lock screen, and listens. `title`: of the conference. */
export function watchSurroundings(title: string, events: SurroundingsEvents): Surroundings {
  const aborter = new AbortController();
  const { signal } = aborter;
  addEventListener('online', events.networkChanged, { signal });
  watchKindOfNetwork(events.networkChanged, signal);
  navigator.mediaDevices.addEventListener('devicechange', events.devicesChanged, { signal });
  addEventListener(
    'pagehide',
    (event) => {
      // One that is kept may come back, and then calls again by itself.
      if (!event.persisted) events.closing();
    },
    { signal },
  );
  keepAwake(signal);
  const session = showOnLockScreen(title, events);
  return {
    microphone: session.microphone,
    close: () => {
      aborter.abort();
      session.close();
    },
  };
}

/** Telephones say when they go from Wi-Fi to mobile. Others report speeds here, which is no news. */
function watchKindOfNetwork(changed: () => void, signal: AbortSignal): void {
  if (!('connection' in navigator) || !(navigator.connection instanceof EventTarget)) return;
  const network: EventTarget & { readonly type?: unknown } = navigator.connection;
  let kind = network.type;
  network.addEventListener(
    'change',
    () => {
      if (network.type === undefined || network.type === kind) return;
      kind = network.type;
      changed();
    },
    { signal },
  );
}

function keepAwake(signal: AbortSignal): void {
  if (!('wakeLock' in navigator)) return;
  let lock: WakeLockSentinel | null = null;
  const ask = (): void => {
    if (document.visibilityState !== 'visible' || signal.aborted) return;
    navigator.wakeLock.request('screen').then(
      (sentinel) => {
        lock = sentinel;
        if (signal.aborted) void sentinel.release();
      },
      // Refused, as with a low battery: the screen goes dark, the call goes on.
      () => undefined,
    );
  };
  ask();
  document.addEventListener('visibilitychange', ask, { signal });
  signal.addEventListener('abort', () => {
    void lock?.release();
  });
}

const NOTHING_SHOWN: Surroundings = { microphone: () => undefined, close: () => undefined };

function showOnLockScreen(title: string, events: SurroundingsEvents): Surroundings {
  if (!('mediaSession' in navigator)) return NOTHING_SHOWN;
  const { mediaSession } = navigator;
  mediaSession.metadata = new MediaMetadata({ title });
  mediaSession.playbackState = 'playing';
  const handle = (action: string, handler: (() => void) | null): void => {
    try {
      // The list of actions grows; browsers throw at those they do not know.
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Checked by the browser.
      mediaSession.setActionHandler(action as MediaSessionAction, handler);
    } catch {
      // An older browser: its own buttons do less.
    }
  };
  handle('togglemicrophone', events.toggleMicrophone);
  handle('hangup', events.hangUp);
  return {
    microphone: (mode) => {
      if ('setMicrophoneActive' in mediaSession) {
        void mediaSession.setMicrophoneActive(mode === 'live');
      }
    },
    close: () => {
      handle('togglemicrophone', null);
      handle('hangup', null);
      mediaSession.metadata = null;
      mediaSession.playbackState = 'none';
    },
  };
}
