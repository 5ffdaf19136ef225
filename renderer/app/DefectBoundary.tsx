import { Component, type ReactNode } from 'react';
import { Failure } from '../components/Failure.tsx';

interface Props {
  children: ReactNode;
}

/**
 * A defect of one page must not empty the window: navigation and data stay in reach. React offers
 * this to classes only. A change of page mounts a new one, so the next page starts clean.
 */
export class DefectBoundary extends Component<Props, { message: string | null }> {
  override state: { message: string | null } = { message: null };

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.message === null) return this.props.children;
    return (
      <main className="content">
        <Failure
          error={{
            code: 'INTERNAL',
            message: `This page could not be drawn: ${this.state.message}`,
            hint: 'Open another page, or close the window and start Outlay again.',
          }}
          kept="What was loaded is unchanged."
        />
      </main>
    );
  }
}
