import { render } from 'preact';

import { App } from './app.tsx';
import { connection } from './api-client.ts';
import { applyTheme, rememberedTheme } from './layout/theme.ts';

applyTheme(rememberedTheme());
// The browser knows of a lost network sooner than a request does.
addEventListener('offline', connection.lost);
addEventListener('online', connection.retry);

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
