import type { Language, Words } from '../language.tsx';

/** States of notices, as the server names them. */
export const noticeStateWords: Readonly<Record<string, Words<string>>> = {
  pending: { pl: 'czekają', en: 'waiting' },
  sending: { pl: 'wysyłane', en: 'being sent' },
  sent: { pl: 'wysłane', en: 'sent' },
  delivered: { pl: 'dostarczone', en: 'delivered' },
  failed: { pl: 'nie udało się', en: 'failed' },
  unknown: { pl: 'nie wiadomo', en: 'unknown' },
  cancelled: { pl: 'odwołane', en: 'cancelled' },
  'too-late': { pl: 'za późno', en: 'too late' },
};

/** Channels of notices and how they do. */
export const channelWords = {
  email: { pl: 'E-mail', en: 'E-mail' },
  sms: { pl: 'SMS', en: 'SMS' },
  good: { pl: 'działa', en: 'works' },
  failing: { pl: 'nie działa', en: 'fails' },
  unused: { pl: 'nieużywany', en: 'unused' },
} as const;

const DETAILS: Readonly<Record<string, Words<string>>> = {
  connected: { pl: 'połączono', en: 'connected' },
  written: { pl: 'zapisano w folderze', en: 'written to the folder' },
  accepted: { pl: 'bramka przyjęła', en: 'the gateway accepted' },
  'not-used-yet': { pl: 'jeszcze nic nie wysyłano', en: 'nothing was sent yet' },
  off: { pl: 'wyłączone w konfiguracji', en: 'off in the configuration' },
};

/** What a channel last met with; what a foreign server said is shown as it is. */
export function channelDetail(detail: string, language: Language): string {
  return DETAILS[detail]?.[language] ?? detail;
}
