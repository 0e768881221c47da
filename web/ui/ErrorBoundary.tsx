import { Component, type ComponentChildren } from 'preact'
import { t } from '../state/i18n.ts'
import { Button } from './Button.tsx'
import { EmptyState } from './EmptyState.tsx'

type Props = {
  children: ComponentChildren
  /** What stands in for it; the default offers to draw the pane again. */
  fallback?: ComponentChildren
}

/** One row or pane that cannot be drawn must not take the page with it (CX-4). */
export class ErrorBoundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static override getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override componentDidCatch(error: unknown): void {
    console.error(error)
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
    if (this.props.fallback !== undefined) return this.props.fallback
    return (
      <EmptyState icon="circle-alert" title={t().paneFailed}>
        <Button look="filled" onClick={() => this.setState({ hasFailed: false })}>
          {t().tryAgain}
        </Button>
      </EmptyState>
    )
  }
}
