/** A microphone or loudspeaker, as browsers list them. */
export interface Device {
  readonly deviceId: string;
  readonly label: string;
}

/** A device with what to call it; browsers hide names until a microphone was allowed. */
export interface NamedDevice {
  readonly deviceId: string;
  readonly name: string;
}

/** Devices of one kind, without the doubles that stand for "default" and "communications". */
export function devicesOfKind(
  all: readonly (Device & { readonly kind: string })[],
  kind: 'audioinput' | 'audiooutput',
): readonly Device[] {
  const seen = new Set<string>();
  return all
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .filter(({ deviceId }) => {
      if (ALIASES.includes(deviceId) && all.some((one) => isReal(one, kind))) return false;
      if (seen.has(deviceId)) return false;
      seen.add(deviceId);
      return true;
    })
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

/** Names for a list to choose from. `nameless`: "Microphone 2". */
export function namedDevices(
  devices: readonly Device[],
  nameless: (number: number) => string,
): readonly NamedDevice[] {
  return devices.map(({ deviceId, label }, index) => ({
    deviceId,
    name: label === '' ? nameless(index + 1) : label,
  }));
}

/**
 * Which device to use: the wanted one while it is there; else the one of the same name, as ids change when a browser
 * forgets its permissions; else the first one. Null: there is none.
 */
export function chooseDevice(devices: readonly Device[], wanted: Device | null): Device | null {
  if (wanted !== null) {
    const same = devices.find((device) => device.deviceId === wanted.deviceId);
    if (same !== undefined) return same;
    const sameName =
      wanted.label === '' ? undefined : devices.find((device) => device.label === wanted.label);
    if (sameName !== undefined) return sameName;
  }
  return devices[0] ?? null;
}

const ALIASES = ['default', 'communications'];

function isReal(device: Device & { readonly kind: string }, kind: string): boolean {
  return device.kind === kind && device.deviceId !== '' && !ALIASES.includes(device.deviceId);
}
