import { writeFileSync } from 'node:fs';

import { jsonSchemaText } from './json-schema.ts';

// Run from the sources by `npm run schema`, after every change of the settings.
writeFileSync(new URL('../../config.schema.json', import.meta.url), jsonSchemaText());
