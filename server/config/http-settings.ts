import { z } from 'zod';

import { flag, host, network, oneOf, text, wholeNumber } from './setting-field.ts';

const PUBLIC_URL = 'an address such as "https://konfa.example.org", without a path, or null';
const TRUST_PROXY = 'a list of the addresses and networks of your proxies';

/** Settings under `http`. */
export const httpSettings = z
  .strictObject({
    listen: z
      .strictObject({
        host: host().default('127.0.0.1').describe('Local address of the panel.'),
        port: wholeNumber(0, 65_535)
          .default(8080)
          .describe('Local port of the panel. 0: one that is free.'),
        certFile: text('the path of a PEM file, or null')
          .nullable()
          .default(null)
          .describe('Certificate chain in PEM; with keyFile the panel speaks https.'),
        keyFile: text('the path of a PEM file, or null')
          .nullable()
          .default(null)
          .describe('Private key in PEM.'),
      })
      .prefault({})
      .describe('Where the panel is heard.'),
    publicUrl: z
      .string({ error: PUBLIC_URL })
      .refine(isOrigin, { error: PUBLIC_URL })
      .nullable()
      .default(null)
      .describe(
        'How people reach the panel; what links in messages begin with. null: as it listens.',
      ),
    trustProxy: z
      .array(network(), { error: TRUST_PROXY })
      .default([])
      .describe('Proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed.'),
  })
  .prefault({})
  .describe('The panel and the REST interface.');

/** Settings under `accounts`. */
export const accountSettings = z
  .strictObject({
    signUp: oneOf(['open', 'invited', 'closed'])
      .default('open')
      .describe('Who may open an account: anybody, who was invited by an administrator, nobody.'),
    passwordCharacters: wholeNumber(8, 64).default(10).describe('Shortest password.'),
    sessionDays: wholeNumber(1, 365)
      .default(30)
      .describe('How long a login lasts that is not used.'),
    longestSessionDays: wholeNumber(1, 3650)
      .default(90)
      .describe('After this time a login ends in any case.'),
    emailLinkHours: wholeNumber(1, 168)
      .default(24)
      .describe('How long links for confirming an e-mail address and for invitations hold.'),
    resetLinkMinutes: wholeNumber(5, 1440)
      .default(60)
      .describe('How long a link for a new password holds.'),
    language: oneOf(['pl', 'en'])
      .default('pl')
      .describe('Language of the panel for visitors whose browser asks for neither.'),
  })
  .prefault({})
  .describe('Accounts of organisers and administrators.');

/** Settings under `webhooks`. */
export const webhookSettings = z
  .strictObject({
    enabled: flag().default(true).describe('Whether organisers may have events delivered.'),
    perProfile: wholeNumber(1, 100).default(5).describe('Most webhooks of one profile.'),
    allowInsecure: flag().default(false).describe('Whether http:// addresses are taken too.'),
    allowNetworks: z
      .array(network(), { error: 'a list of addresses and networks' })
      .default([])
      .describe(
        'Private networks that webhooks may reach. Others that are not public are refused.',
      ),
    timeoutSeconds: wholeNumber(1, 60).default(10).describe('How long an answer is waited for.'),
    giveUpHours: wholeNumber(1, 168)
      .default(24)
      .describe('How long a delivery is tried before it is given up.'),
  })
  .prefault({})
  .describe('Events delivered to programs by HTTP.');

/** Settings under `retention`. 0 is not "for ever": every kind of data ends. */
export const retentionSettings = z
  .strictObject({
    purgeAt: z
      .string({ error: 'a time of day such as "03:30"' })
      .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/u, { error: 'a time of day such as "03:30"' })
      .default('03:30')
      .describe('When data that is too old is removed, in reservations.timeZone.'),
    reservationDays: wholeNumber(1, 3650)
      .default(365)
      .describe('Finished and deleted reservations, with all that belongs to them.'),
    callLogDays: wholeNumber(1, 3650).default(365).describe('The call log and attendance.'),
    noticeDays: wholeNumber(1, 3650)
      .default(90)
      .describe('Notices that were sent: who was told what, and when.'),
    webhookDeliveryDays: wholeNumber(1, 3650).default(30).describe('The log of webhooks.'),
    unconfirmedAccountDays: wholeNumber(1, 365)
      .default(7)
      .describe('Accounts whose e-mail address was never confirmed.'),
  })
  .prefault({})
  .describe('How long data is kept.');

/** Scheme, host and port alone, RFC 6454 §6.2. */
function isOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return /^https?:$/u.test(url.protocol) && url.origin === value.replace(/\/$/u, '');
}
