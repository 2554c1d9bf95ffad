import { z } from 'zod';

import { configSchema } from './config-schema.ts';

/** The text of `config.schema.json`: JSON Schema draft 7, the one that editors know best. */
export function jsonSchemaText(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
