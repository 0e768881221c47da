import { Component, type ComponentChildren } from 'preact'
import type { TimelineView } from './timeline-view.ts'

/**
 * Stands around everything whose height may change above the reader: just before the document changes it
 * remembers the row they look at, and puts it back in the same frame (ML-3). A class, because only classes
 * are told before the change.
 */
export class RowsKeeper extends Component<{ view: TimelineView; children: ComponentChildren }> {
  override getSnapshotBeforeUpdate(): null {
    this.props.view.keeper?.capture()
    return null
  }

  override componentDidUpdate(): void {
    this.props.view.keeper?.restore()
  }

  override render() {
    return this.props.children
  }
}
