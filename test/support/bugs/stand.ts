/** A real server with bugs in it, or a sound one, on which scenes are played. */
import { type Edgewise, startEdgewise } from '../edgewise.ts'

const VARS = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000, LIMIT_SIGN_UPS_1H: 1_000_000 }
/** A sound server is calm long before; one with a bug may never be, and is judged as it is. */
const CALM_WITHIN_MS = { sound: 30_000, seeded: 4_000 }

/** A server, with bugs or without: several scenes play on it one after the other. */
export class Stand {
  readonly bugs: readonly string[]
  readonly calmWithinMs: number
  edgewise: Edgewise
  scenes = 0

  static async start(kind: keyof typeof CALM_WITHIN_MS, bugs: readonly string[]): Promise<Stand> {
    const edgewise = await startEdgewise({ mode: 'serve', vars: VARS, bugs })
    return new Stand(edgewise, bugs, CALM_WITHIN_MS[kind])
  }

  private constructor(edgewise: Edgewise, bugs: readonly string[], calmWithinMs: number) {
    this.edgewise = edgewise
    this.bugs = bugs
    this.calmWithinMs = calmWithinMs
  }

  /** All processes die, and start again on the same data. */
  async killAndStart(): Promise<void> {
    const { state, port } = this.edgewise
    await this.edgewise.kill9()
    this.edgewise = await startEdgewise({ mode: 'serve', vars: VARS, bugs: this.bugs, state, port })
  }
}
