import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'
import { iconSprite } from './build/sprite.ts'

/** `EDGEWISE_API`: where a development server finds the Worker; the built client is served by it. */
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: mode !== 'production' }), iconSprite()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2024',
    // A data: URL would need its own allowance in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What the page and the chat cannot start without, whole: each part that comes later would otherwise cut
        // out what it shares with them, and a page in small pieces packs worse and asks more often.
        codeSplitting: {
          groups: [
            { name: 'page', test: /\/web\/main\.tsx$/, priority: 2 },
            { name: 'chat', test: /\/web\/ui\/Chat\.tsx$/, priority: 1 },
            { name: 'menus', test: /\/web\/ui\/(MessageMenu|RowMenu|Switcher)\.tsx$/ },
          ],
        },
      },
    },
  },
  css: { transformer: 'lightningcss', lightningcss: { cssModules: { pattern: '[hash]_[local]' } } },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: process.env.EDGEWISE_API ?? 'http://localhost:8787', ws: true } },
  },
}))
