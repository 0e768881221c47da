/** The icons of the client, by their lucide names. The build puts exactly these into the page (sprite.ts). */
export const ICON_NAMES = [
  'activity',
  'arrow-down',
  'arrow-left',
  'arrow-up',
  'check',
  'check-check',
  'circle-alert',
  'clock-3',
  'copy',
  'eye',
  'eye-off',
  'info',
  'loader-circle',
  'log-out',
  'message-circle',
  'message-circle-plus',
  'refresh-cw',
  'search',
  'settings',
  'users-round',
  'wifi-off',
  'x',
] as const

export type IconName = (typeof ICON_NAMES)[number]
