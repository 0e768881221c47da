/** Who takes part, in the order in which they take turns. */
import { bareObject } from './bare-object/peer.mjs'
import { edgewise } from './edgewise/peer.mjs'
import { socketIo } from './socket-io/peer.mjs'
import { ws } from './ws/peer.mjs'

export const peers = [ws, socketIo, bareObject, edgewise]
/** What the others are measured against: what the platform itself can do. */
export const base = bareObject
