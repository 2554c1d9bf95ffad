import { z } from 'zod';

import { flag, host, oneOf, text, wholeNumber } from './setting-field.ts';

const PRICE = 'a price such as 0.16, of at most three decimals';
const PATTERN = 'a regular expression';
const ADDRESS = 'an e-mail address';

const secret = (expected: string): z.ZodDefault<z.ZodNullable<z.ZodString>> =>
  text(`${expected}, or null`).nullable().default(null);

const smtp = z
  .strictObject({
    host: host().default('localhost').describe('Mail server.'),
    port: wholeNumber(1, 65_535).default(587).describe('Its port.'),
    security: oneOf(['tls', 'starttls', 'none'])
      .default('starttls')
      .describe(
        '"tls": from the first byte (port 465); "starttls": required before anything is sent.',
      ),
    verifyCertificate: flag().default(true).describe('Whether its certificate must be valid.'),
    user: secret('a user name').describe('User name. null: no login.'),
    password: secret('a password').describe('Password.'),
    connections: wholeNumber(1, 50).default(3).describe('Most connections at once.'),
    timeoutSeconds: wholeNumber(1, 300).default(30).describe('How long an answer is waited for.'),
  })
  .prefault({})
  .describe('The mail server, for transport "smtp".');

const dkim = z
  .strictObject({
    domain: text('a domain').describe('Domain that signs, d= of RFC 6376.'),
    selector: text('a selector').describe('Selector of the key, s= of RFC 6376.'),
    keyFile: text('the path of a PEM file').describe('Private key in PEM.'),
  })
  .nullable()
  .default(null)
  .describe('DKIM signature. null: none, as the mail server signs.');

/** Settings under `notices.email`. */
const emailSettings = z
  .strictObject({
    transport: oneOf(['folder', 'smtp'])
      .default('folder')
      .describe('"folder" writes .eml files that any mail program opens; "smtp" sends.'),
    folder: text('the path of a folder')
      .default('data/mail')
      .describe('Where "folder" writes; made when it is missing.'),
    fromName: text('a name').default('Konfa').describe('Name that e-mails come from.'),
    fromAddress: z
      .email({ error: ADDRESS })
      .default('konfa@localhost.localdomain')
      .describe('Address that e-mails come from.'),
    smtp,
    dkim,
    perMinute: wholeNumber(1, 100_000).default(600).describe('Most e-mails a minute.'),
  })
  .prefault({})
  .describe('E-mail.');

const httpProvider = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/u, error: 'an http or https address' })
      .nullable()
      .default(null)
      .describe('Address of the gateway. {to}, {from}, {text} and {id} are filled in, encoded.'),
    method: oneOf(['POST', 'GET', 'PUT']).default('POST').describe('HTTP method.'),
    headers: z
      .record(z.string(), z.string(), { error: 'names and values in quotes' })
      .default({ 'content-type': 'application/json' })
      .describe(
        'Headers of the request. A content-type of JSON or form decides how body is filled.',
      ),
    body: z
      .string({ error: 'text' })
      .default('{"to":"{to}","from":"{from}","text":"{text}","id":"{id}"}')
      .describe(
        'Body of the request; {to}, {from}, {text}, {id} are filled in, escaped for its type.',
      ),
    successStatus: z
      .array(wholeNumber(100, 599), { error: 'a list of HTTP status codes' })
      .default([200, 201, 202])
      .describe('Status codes of an accepted message.'),
    successPattern: z
      .string({ error: PATTERN })
      .refine(isPattern, { error: PATTERN })
      .nullable()
      .default(null)
      .describe(
        'Regular expression that the answer must match besides. Its first group is the message id.',
      ),
    timeoutSeconds: wholeNumber(1, 120).default(15).describe('How long an answer is waited for.'),
  })
  .prefault({})
  .describe('A gateway reached by HTTP, for provider "http".');

const smppProvider = z
  .strictObject({
    host: host().default('localhost').describe('SMS centre.'),
    port: wholeNumber(1, 65_535).default(2775).describe('Its port.'),
    tls: flag().default(false).describe('Whether the connection is encrypted.'),
    systemId: secret('a system id').describe('The system_id of bind_transceiver.'),
    password: secret('a password').describe('Password of bind_transceiver.'),
    systemType: z.string({ error: 'text' }).default('').describe('The system_type of the bind.'),
    receipts: flag().default(true).describe('Whether delivery receipts are asked for.'),
    perSecond: wholeNumber(1, 1000).default(10).describe('Most messages a second.'),
    timeoutSeconds: wholeNumber(1, 120).default(15).describe('How long a response is waited for.'),
  })
  .prefault({})
  .describe('An SMS centre reached by SMPP 3.4, for provider "smpp".');

const price = z.strictObject({
  prefix: z
    .string({ error: 'a prefix such as "+48"' })
    .regex(/^\+[1-9][0-9]{0,14}$/u, { error: 'a prefix such as "+48"' })
    .describe('Beginning of the numbers, with country code; the longest that fits counts.'),
  perSegment: z
    .number({ error: PRICE })
    .min(0, { error: PRICE })
    .max(1000, { error: PRICE })
    .refine((value) => Number.isInteger(Math.round(value * 1e6) / 1e3), { error: PRICE })
    .describe('Price of one segment, in currency.'),
});

/** Settings under `notices.sms`. */
const smsSettings = z
  .strictObject({
    provider: oneOf(['folder', 'http', 'smpp', 'none'])
      .default('folder')
      .describe(
        '"folder" writes files, to try it; "http" and "smpp" send; "none": no SMS is offered.',
      ),
    folder: text('the path of a folder')
      .default('data/sms')
      .describe('Where "folder" writes; made when it is missing.'),
    sender: z
      .string({ error: '1 to 11 letters and digits, or a number' })
      .regex(/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$|^\+?[0-9]{3,15}$/u, {
        error: '1 to 11 letters and digits, or a number',
      })
      .default('Konfa')
      .describe('What the phone shows as sender.'),
    letters: oneOf(['ascii', 'as-written'])
      .default('ascii')
      .describe('"ascii": Polish letters are folded, so that a message is one segment.'),
    currency: z
      .string({ error: 'three letters such as "PLN"' })
      .regex(/^[A-Z]{3}$/u, { error: 'three letters such as "PLN"' })
      .default('PLN')
      .describe('Currency of prices, ISO 4217.'),
    prices: z
      .array(price, { error: 'a list of prices' })
      .default([{ prefix: '+48', perSegment: 0.16 }])
      .describe('Price list. Countries that are not on it are refused.'),
    billing: oneOf(['balance', 'monthly-limit'])
      .default('monthly-limit')
      .describe(
        '"balance": only what was paid in is spent; "monthly-limit": up to a sum each month.',
      ),
    monthlyLimit: z
      .number({ error: PRICE })
      .min(0, { error: PRICE })
      .max(1_000_000, { error: PRICE })
      .default(50)
      .describe('Sum that a profile may spend in a calendar month, unless its own is set.'),
    http: httpProvider,
    smpp: smppProvider,
  })
  .prefault({})
  .describe('SMS.');

/** Settings under `notices`. */
export const noticeSettings = z
  .strictObject({
    shortNotice: oneOf(['at-start', 'at-booking', 'both'])
      .default('at-start')
      .describe('When the only e-mail goes out if the start is near at booking.'),
    shortNoticeMinutes: wholeNumber(0, 10_080)
      .default(360)
      .describe('A start this near, or nearer, is near.'),
    reminderMinutes: wholeNumber(1, 10_080)
      .default(60)
      .describe('How long before the start people are reminded.'),
    recipients: wholeNumber(1, 1000)
      .default(200)
      .describe('Most e-mail addresses, and most phone numbers, of a reservation.'),
    email: emailSettings,
    sms: smsSettings,
  })
  .prefault({})
  .describe('What people are told by e-mail and SMS.');

function isPattern(value: string): boolean {
  try {
    return new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
