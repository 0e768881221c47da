import * as lucide from 'lucide-static'
import type { Plugin } from 'vite'
import { ICON_NAMES } from '../ui/icon-names.ts'

/**
 * Puts the icons that the client uses into the page as one hidden SVG of symbols: no script, no request,
 * and no moment without icons. {@link ICON_NAMES} is the list; a name that lucide lacks fails the build.
 */
export function iconSprite(): Plugin {
  return {
    name: 'edgewise:icon-sprite',
    transformIndexHtml: () => [
      {
        tag: 'svg',
        attrs: { width: '0', height: '0', 'aria-hidden': 'true', class: 'sprite' },
        children: ICON_NAMES.map(symbol).join(''),
        injectTo: 'body-prepend',
      },
    ],
  }
}

function symbol(name: (typeof ICON_NAMES)[number]): string {
  const exported = name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
  const icon: unknown = Reflect.get(lucide, exported)
  if (typeof icon !== 'string') throw new Error(`lucide-static has no icon "${name}"`)
  const paths = icon.slice(icon.indexOf('>', icon.indexOf('<svg')) + 1, icon.lastIndexOf('</svg>'))
  return `<symbol id="icon-${name}" viewBox="0 0 24 24">${paths.replace(/\s+/g, ' ').trim()}</symbol>`
}
