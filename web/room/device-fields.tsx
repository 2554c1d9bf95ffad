import type { JSX } from 'preact';

import { useWords } from '../language.tsx';
import { Select } from '../ui/choice-field.tsx';
import { namedDevices, type Device } from './device-choice.ts';

const words = {
  microphone: { pl: 'Mikrofon', en: 'Microphone' },
  speaker: { pl: 'Głośnik lub słuchawki', en: 'Loudspeaker or headphones' },
  nameless: {
    pl: (number: number) => `Urządzenie ${number}`,
    en: (number: number) => `Device ${number}`,
  },
  asDevice: { pl: 'Domyślny', en: 'Default' },
} as const;

/** Which microphone. */
export function MicrophoneField(props: {
  readonly devices: readonly Device[];
  readonly current: Device;
  readonly onChoose: (device: Device) => void;
}): JSX.Element {
  const t = useWords();
  return <DeviceField label={t(words.microphone)} {...props} />;
}

/** Which loudspeaker; `current` null: the device's own choice. */
export function SpeakerField({
  devices,
  current,
  onChoose,
}: {
  readonly devices: readonly Device[];
  readonly current: Device | null;
  readonly onChoose: (device: Device) => void;
}): JSX.Element {
  const t = useWords();
  const own = { deviceId: '', label: t(words.asDevice) };
  return (
    <DeviceField
      label={t(words.speaker)}
      devices={[own, ...devices]}
      current={current ?? own}
      onChoose={onChoose}
    />
  );
}

function DeviceField({
  label,
  devices,
  current,
  onChoose,
}: {
  readonly label: string;
  readonly devices: readonly Device[];
  readonly current: Device;
  readonly onChoose: (device: Device) => void;
}): JSX.Element {
  const t = useWords();
  // The one that is used stands in the list even where the browser hides it.
  const all = devices.some((device) => device.deviceId === current.deviceId)
    ? devices
    : [current, ...devices];
  return (
    <Select
      label={label}
      value={current.deviceId}
      choices={namedDevices(all, t(words.nameless)).map(({ deviceId, name }) => ({
        value: deviceId,
        label: name,
      }))}
      onChange={(deviceId) => {
        const device = all.find((one) => one.deviceId === deviceId);
        if (device !== undefined) onChoose(device);
      }}
    />
  );
}
