import { z } from 'zod';

import * as account from './api/account-api.ts';
import * as admin from './api/admin-api.ts';
import * as contact from './api/contact-api.ts';
import * as guest from './api/guest-api.ts';
import * as problem from './api/problem-api.ts';
import * as reservation from './api/reservation-api.ts';
import * as session from './api/session-api.ts';
import * as webhook from './api/webhook-api.ts';

/** A JSON schema, draft 2020-12, which OpenAPI 3.1 takes as it is. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas of the document: those that have a name stand once, and are referred to. */
export interface DocumentSchemas {
  /** `components.schemas`. */
  readonly components: Readonly<Record<string, JsonSchema>>;
  /** How a body, or a part of one, is written. */
  refer(schema: z.ZodType, direction: 'in' | 'out'): JsonSchema;
}

/** What a client sends, and what it gets. */
const IN: Readonly<Record<string, z.ZodType>> = {
  Login: session.loginSchema,
  Setup: session.setupSchema,
  SignUp: session.signUpSchema,
  Confirmation: session.confirmSchema,
  InvitationAcceptance: session.acceptInvitationSchema,
  PasswordResetRequest: session.resetRequestSchema,
  PasswordResetCompletion: session.resetCompleteSchema,
  AccountChange: account.accountChangeSchema,
  PasswordChange: account.passwordChangeSchema,
  EmailChange: account.emailChangeSchema,
  AccountDeletion: account.accountDeletionSchema,
  TokenRequest: account.tokenRequestSchema,
  AccountInvitation: admin.accountInvitationSchema,
  AdminAccountChange: admin.adminAccountChangeSchema,
  LedgerMovement: admin.ledgerBodySchema,
  ContactInput: contact.contactBodySchema,
  GroupInput: contact.groupBodySchema,
  ContactImport: contact.importSchema,
  Booking: reservation.bookingSchema,
  ReservationChange: reservation.reservationChangeSchema,
  BookingCheck: reservation.checkRequestSchema,
  NewJoinLink: reservation.newJoinLinkSchema,
  SeatRequest: guest.seatRequestSchema,
  SeatByPin: guest.seatByPinSchema,
  SeatGiveUp: guest.seatGiveUpSchema,
  WebhookInput: webhook.webhookBodySchema,
};

const OUT: Readonly<Record<string, z.ZodType>> = {
  Problem: problem.problemSchema,
  FieldProblem: problem.fieldProblemSchema,
  Settings: session.settingsSchema,
  Session: session.sessionSchema,
  Account: session.accountSchema,
  DeviceSession: account.deviceSessionSchema,
  Token: account.apiTokenSchema,
  NewToken: account.newTokenSchema,
  Balance: account.balanceSchema,
  AdminAccount: admin.adminAccountSchema,
  AccountList: admin.accountListSchema,
  Health: admin.healthSchema,
  Contact: contact.contactSchema,
  ContactList: contact.contactListSchema,
  ContactGroup: contact.groupSchema,
  ContactImportAnswer: contact.importAnswerSchema,
  Reservation: reservation.reservationSchema,
  ReservationList: reservation.reservationListSchema,
  CheckAnswer: reservation.checkAnswerSchema,
  Invitation: reservation.invitationTextSchema,
  Notice: reservation.noticeSchema,
  NoticeList: reservation.noticeListSchema,
  Attendance: reservation.attendanceSchema,
  AttendanceList: reservation.attendanceListSchema,
  History: reservation.historySchema,
  JoinLink: reservation.joinLinkSchema,
  JoinLinkList: reservation.joinLinkListSchema,
  JoinPage: reservation.joinPageSchema,
  SeatAnswer: guest.seatAnswerSchema,
  Webhook: webhook.webhookSchema,
  NewWebhook: webhook.newWebhookSchema,
  WebhookList: webhook.webhookListSchema,
  DeliveryList: webhook.deliveryListSchema,
};

const uri = (name: string): string => `#/components/schemas/${name}`;

/** Turns the schemas of the REST interface into those of the document. */
export function documentSchemas(): DocumentSchemas {
  const names = { in: nameOf(IN), out: nameOf(OUT) };
  return {
    components: { ...componentsOf(IN, 'in'), ...componentsOf(OUT, 'out') },
    refer(schema, direction) {
      const name = names[direction].get(schema);
      return name === undefined ? inline(schema, direction) : { $ref: uri(name) };
    },
  };
}

function nameOf(schemas: Readonly<Record<string, z.ZodType>>): ReadonlyMap<z.ZodType, string> {
  return new Map(Object.entries(schemas).map(([name, schema]) => [schema, name]));
}

function componentsOf(
  schemas: Readonly<Record<string, z.ZodType>>,
  direction: 'in' | 'out',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { ...settings(direction), uri });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, schema]) => [name, withoutNames(schema)]),
  );
}

function inline(schema: z.ZodType, direction: 'in' | 'out'): JsonSchema {
  return withoutNames(z.toJSONSchema(schema, settings(direction)));
}

function settings(direction: 'in' | 'out'): z.core.ToJSONSchemaParams {
  return {
    target: 'draft-2020-12',
    io: direction === 'in' ? 'input' : 'output',
    override: ({ jsonSchema }) => {
      // What we answer may have more fields one day; what is sent to us may not.
      if (direction === 'out' && jsonSchema.additionalProperties === false) {
        delete jsonSchema.additionalProperties;
      }
      // Bounds that say only that a number is whole.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  };
}

/** Within a document a schema has neither a dialect nor an address of its own: references would go by that. */
function withoutNames(schema: Readonly<Record<string, unknown>>): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id' && key !== 'id'),
  );
}
