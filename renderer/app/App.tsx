import { createTheme, HeadlessMantineProvider } from '@mantine/core';
import { memo, Suspense, useDeferredValue, useEffect } from 'react';
import type { CallOutput } from '../../shared/contract/contract.ts';
import type { ErrorBody } from '../../shared/contract/errors.ts';
import { type Api, ApiContext, useApi } from '../data/useApi.ts';
import { Failure } from '../components/Failure.tsx';
import { Header } from '../components/Header.tsx';
import { OverviewPage } from '../pages/overview/OverviewPage.tsx';
import { type Page, pageNames, useChoices } from '../stores/choices.ts';
import { useOverlays } from '../stores/overlays.ts';
import { DefectBoundary } from './DefectBoundary.tsx';
import { DropZone } from './DropZone.tsx';
import { KeyHandler } from './KeyHandler.tsx';
import { laterPage } from './laterPage.tsx';
import { Navigation } from './Navigation.tsx';

const costs = laterPage(() => import('../pages/costs/CostsPage.tsx'));
const workloads = laterPage(() => import('../pages/workloads/WorkloadsPage.tsx'));
const savings = laterPage(() => import('../pages/savings/SavingsPage.tsx'));
const commitments = laterPage(() => import('../pages/commitments/CommitmentsPage.tsx'));
const sources = laterPage(() => import('../pages/sources/SourcesPage.tsx'));
const settings = laterPage(() => import('../pages/settings/SettingsPage.tsx'));
const overlays = laterPage(() => import('./Overlays.tsx'));
const firstRun = laterPage(() => import('../pages/sources/FirstRun.tsx'));

/** After the first paint, so that the first change of page waits for no code. */
const prefetchAfterMs = 400;

function usePrefetch(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      void Promise.all(
        [costs, workloads, savings, commitments, sources, settings, overlays].map((page) =>
          page.prefetch(),
        ),
      );
    }, prefetchAfterMs);
    return () => clearTimeout(timer);
  }, []);
}

// Menus open at once: a fade only delays the reading.
const atOnce = { defaultProps: { transitionProps: { duration: 0 } } };
const theme = createTheme({ components: { Popover: atOnce, Menu: atOnce } });

// The overlays and menus are ours in every look, so the library brings behaviour only: no style
// sheet and no style tag that the content policy would have to allow.
export function App({ api }: { api: Api }) {
  return (
    <ApiContext value={api}>
      <HeadlessMantineProvider theme={theme}>
        <Shell />
      </HeadlessMantineProvider>
    </ApiContext>
  );
}

function Shell() {
  usePrefetch();
  const info = useApi('app.info', {});
  const open = useOverlays((state) => state.open);
  // A page is drawn in slices, between which the window answers; until then the old one stays.
  const page = useDeferredValue(useChoices((choices) => choices.page));
  const loaded = info.data?.data ?? null;
  return (
    <div className="shell">
      <Navigation info={info.data} />
      <DropZone>
        <Suspense fallback={<Waiting />}>
          {info.data !== null && (
            <DefectBoundary key={page}>
              <Shown page={page} info={info.data} />
            </DefectBoundary>
          )}
          {info.data === null && info.error !== null && <Refused error={info.error} />}
        </Suspense>
      </DropZone>
      <KeyHandler loaded={loaded} />
      <Suspense fallback={null}>{open !== 'none' && <overlays.Page loaded={loaded} />}</Suspense>
    </div>
  );
}

interface ShownProps {
  page: Page;
  info: CallOutput<'app.info'>;
}

const Shown = memo(function Shown({ page, info }: ShownProps) {
  switch (page) {
    case 'overview':
      return info.data ? <OverviewPage data={info.data} /> : <firstRun.Page title="Overview" />;
    case 'costs':
      return info.data ? <costs.Page data={info.data} /> : <firstRun.Page title="Costs" />;
    case 'workloads':
      return info.data ? (
        <workloads.Page data={info.data} />
      ) : (
        <firstRun.Page title={pageNames.workloads} />
      );
    case 'savings':
      return info.data ? (
        <savings.Page data={info.data} />
      ) : (
        <firstRun.Page title={pageNames.savings} />
      );
    case 'commitments':
      return info.data ? (
        <commitments.Page data={info.data} />
      ) : (
        <firstRun.Page title={pageNames.commitments} />
      );
    case 'sources':
      return <sources.Page data={info.data} />;
    case 'settings':
      return <settings.Page info={info} />;
  }
});

// A page's code arrives within a frame or two; its name already stands.
function Waiting() {
  const page = useChoices((choices) => choices.page);
  return <Header title={pageNames[page]} />;
}

function Refused({ error }: { error: ErrorBody }) {
  return (
    <>
      <Header title="Outlay" />
      <main className="content">
        <Failure error={error} />
      </main>
    </>
  );
}
