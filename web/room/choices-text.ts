import type { Device } from './device-choice.ts';

/** What a guest chose last time, in this browser. */
export interface KeptChoices {
  readonly name: string;
  readonly microphone: Device | null;
  readonly speaker: Device | null;
  readonly sound: 'voice' | 'original';
}

/** Reads kept text; what makes no sense is a default. */
export function choicesOf(text: string | null): KeptChoices {
  const value = parsed(text);
  const name = value['name'];
  return {
    name: typeof name === 'string' ? name.slice(0, 60) : '',
    microphone: deviceOf(value['microphone']),
    speaker: deviceOf(value['speaker']),
    sound: value['sound'] === 'original' ? 'original' : 'voice',
  };
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    // Somebody else's text under our key.
    return {};
  }
}

function deviceOf(value: unknown): Device | null {
  if (!isRecord(value)) return null;
  const { deviceId, label } = value;
  return typeof deviceId === 'string' && typeof label === 'string' ? { deviceId, label } : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
