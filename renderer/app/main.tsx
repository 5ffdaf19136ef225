import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/shell.css';
import '../styles/controls.css';
import '../styles/tables.css';
import { errorBody } from '../../shared/contract/errors.ts';
import { createCache } from '../data/cache.ts';
import { watchImports } from '../data/imports.ts';
import { connect } from '../data/transport.ts';
import type { Api } from '../data/useApi.ts';
import { mirrorAddress } from '../stores/address.ts';
import { followTheme, keepTheme } from '../stores/theme.ts';
import { App } from './App.tsx';
import { NoConnection } from './NoConnection.tsx';

async function start(): Promise<void> {
  const element = document.getElementById('root');
  if (!element) return;
  followTheme();
  const root = createRoot(element);
  let api: Api;
  try {
    const connection = await connect();
    api = { ...connection, cache: createCache(connection.call) };
  } catch (error) {
    root.render(<NoConnection error={errorBody(error)} />);
    return;
  }
  // After the transport has taken the launch token out of the address.
  mirrorAddress();
  api.on('data.changed', ({ reason }) => {
    // A decision changes what was decided, not what is loaded.
    if (reason === 'decisions') api.cache.refresh((name) => name.startsWith('decisions.'));
    else api.cache.refresh();
  });
  void keepTheme(api.call);
  void watchImports(api);
  root.render(
    <StrictMode>
      <App api={api} />
    </StrictMode>,
  );
}

void start();
