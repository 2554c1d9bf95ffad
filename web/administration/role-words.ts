import type { AdminAccount } from '../../server/panel/api/admin-api.ts';

/** What an account may do. */
export type Role = AdminAccount['role'];

/** Roles in words. */
export const roleWords = {
  organiser: { pl: 'organizator', en: 'organiser' },
  administrator: { pl: 'administrator', en: 'administrator' },
} as const;
