/** Why there is no microphone. Each has its words and a next step. */
export type MicrophoneProblem =
  /** The page came over http: browsers hide microphones there. */
  | 'insecure'
  | 'browser-too-old'
  | 'denied'
  /** The question was closed without an answer. */
  | 'dismissed'
  /** The administrator of the device, or a page around this one, forbids it. */
  | 'policy'
  | 'none-found'
  | 'in-use'
  /** The chosen device is gone or cannot do what is asked. */
  | 'device-gone'
  | 'unknown';

/** What the page stands on, before a microphone is asked for. */
export interface Ground {
  readonly isSecure: boolean;
  readonly hasMediaDevices: boolean;
  readonly hasPeerConnection: boolean;
  readonly hasWebSocket: boolean;
}

/** What is in the way before anything is asked; null: nothing. */
export function groundProblem(ground: Ground): MicrophoneProblem | null {
  if (!ground.hasMediaDevices) return ground.isSecure ? 'browser-too-old' : 'insecure';
  if (!ground.hasPeerConnection || !ground.hasWebSocket) return 'browser-too-old';
  return null;
}

/**
 * Reads what `getUserMedia` failed with. `permission`: what the Permissions API says afterwards: `prompt` means that
 * the browser would ask again, so the question was only closed.
 */
export function microphoneProblem(
  error: { readonly name: string; readonly message: string },
  permission: 'granted' | 'denied' | 'prompt' | 'unknown',
): MicrophoneProblem {
  switch (error.name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      if (/policy|feature/iu.test(error.message)) return 'policy';
      // Chrome says so when the device itself refuses its browser.
      if (/system/iu.test(error.message)) return 'policy';
      return permission === 'prompt' || /dismissed/iu.test(error.message) ? 'dismissed' : 'denied';
    case 'SecurityError':
      return 'policy';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'none-found';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'in-use';
    case 'OverconstrainedError':
    case 'ConstraintNotSatisfiedError':
      return 'device-gone';
    default:
      return 'unknown';
  }
}
