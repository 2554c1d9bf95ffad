import { maskNumber } from '../runtime/mask.ts';
import type { Notice } from './notice.ts';

/** A recipient as it may be logged, and shown to an administrator: of an address the first letter and the domain, of a number a few digits. */
export function maskRecipient(notice: Pick<Notice, 'channel' | 'recipient'>): string {
  const { channel, recipient } = notice;
  if (channel === 'sms') return maskNumber(recipient);
  const at = recipient.lastIndexOf('@');
  return at < 1 ? '***' : `${recipient.slice(0, 1)}***${recipient.slice(at)}`;
}
