import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../runtime/project-root.ts';
import { jsonSchemaText } from './json-schema.ts';

// Run by `npm run schema`, after every change of the settings.
writeFileSync(join(projectRoot(), 'config.schema.json'), jsonSchemaText());
