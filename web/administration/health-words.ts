import type { Words } from '../language.tsx';

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
