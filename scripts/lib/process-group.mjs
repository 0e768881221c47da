/** A program and everything that it starts, ended together. */
import { spawn } from 'node:child_process'

const GRACE_MS = 5_000
const PARENT_CHECK_MS = 500

/**
 * Starts a program as the leader of its own process group: Ctrl-C in the terminal then reaches only us, and
 * one signal from us reaches the program's children as well, which it might leave behind.
 */
export function startGroup(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options, detached: true })
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, error }))
    child.once('exit', (code) => resolve({ code: code ?? 1 }))
  })

  async function stop() {
    signal('SIGTERM')
    const deadline = setTimeout(() => signal('SIGKILL'), GRACE_MS)
    await ended
    clearTimeout(deadline)
    // The leader is gone; whatever of its group is not has no reason to live.
    signal('SIGKILL')
  }

  function signal(name) {
    try {
      process.kill(-child.pid, name)
    } catch {
      // ESRCH: nothing of the group is left, which is what we want.
    }
  }

  return { ended, stop }
}

/**
 * Calls back once, at the first sign that we should end: a signal, or our parent being gone. npm hands a
 * SIGTERM only to the shell between it and us, which dies without a word.
 */
export function onStopRequest(callback) {
  let isAsked = false
  function ask() {
    if (!isAsked) callback()
    isAsked = true
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, ask)
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) ask()
  }, PARENT_CHECK_MS).unref()
}
