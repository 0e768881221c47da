/** What the code under test logs, kept from the terminal. Worker, objects and tests share one isolate. */
import { onTestFinished, vi } from 'vitest'

/** The lines that are logged from now until the test ends. */
export function captureLogs(): string[] {
  const lines: string[] = []
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    const spy = vi.spyOn(console, method).mockImplementation((...told: unknown[]) => {
      lines.push(told.map(String).join(' '))
    })
    onTestFinished(() => spy.mockRestore())
  }
  return lines
}
