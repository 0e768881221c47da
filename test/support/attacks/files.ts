/** Files that are not what they say: names, media types, and bytes that a browser might take for something to run. */

export const FILE_NAMES = [
  `<script>canary(1)</script>.png`,
  `"><img src=x onerror=canary(1)>.png`,
  `x.png"; filename*=UTF-8''x.html`,
  `x.png\r\nContent-Type: text/html`,
  `x\u0000.html`,
  `../../../../etc/passwd`,
  `..\\..\\windows\\system32\\x.dll`,
  `/absolute.html`,
  `C:\\x.html`,
  `\u202egpj.lmth`,
  `x.html.`,
  `x.html%00.png`,
  `x.php;.png`,
  `.htaccess`,
  `CON`,
  `~`,
  `x'.png`,
  'x`canary(1)`.png',
  `\${canary(1)}.png`,
  `__proto__`,
  `${'a'.repeat(400)}.png`,
  `👨‍👩‍👧‍👦.svg`,
]

/** What the sender claims, against bytes of something else. */
export const MEDIA_TYPES = [
  `text/html`,
  `text/html; charset=utf-7`,
  `TEXT/HTML`,
  `application/xhtml+xml`,
  `image/svg+xml`,
  `text/xml`,
  `application/xml`,
  `text/javascript`,
  `application/javascript`,
  `text/css`,
  `application/pdf`,
  `application/x-shockwave-flash`,
  `multipart/x-mixed-replace`,
  `message/rfc822`,
  `text/cache-manifest`,
  `application/hta`,
  `image/png\u0009`,
  `*/*`,
  `image/*`,
  `nonsense`,
]

const PNG = '\u0089PNG\r\n\u001a\n'

/** Latin-1, byte for byte; `type` is what is claimed. */
export const FILE_CONTENTS = [
  { name: 'page.html', type: 'text/html', bytes: `<!doctype html><script>canary(1)</script>` },
  { name: 'page.png', type: 'image/png', bytes: `<!doctype html><script>canary(1)</script>` },
  { name: 'page.txt', type: 'text/plain', bytes: `<html><body onload=canary(1)>` },
  { name: 'page', type: 'application/octet-stream', bytes: `<html><script>canary(1)</script>` },
  {
    name: 'picture.svg',
    type: 'image/svg+xml',
    bytes: `<svg xmlns="http://www.w3.org/2000/svg" onload="canary(1)"><script>canary(1)</script></svg>`,
  },
  {
    name: 'picture.png',
    type: 'image/png',
    bytes: `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>canary(1)</script></svg>`,
  },
  { name: 'both.png', type: 'image/png', bytes: `${PNG}<script>canary(1)</script>` },
  { name: 'both.gif', type: 'image/gif', bytes: `GIF89a/*<svg/onload=canary(1)>*/=1;canary(1)` },
  { name: 'both.jpg', type: 'image/jpeg', bytes: `\u00ff\u00d8\u00ff\u00e0<script>canary(1)</script>` },
  {
    name: 'both.webp',
    type: 'image/webp',
    bytes: `RIFF\u0000\u0000\u0000\u0000WEBP<script>canary(1)</script>`,
  },
  { name: 'script.js', type: 'text/javascript', bytes: `canary(1)` },
  { name: 'script.png', type: 'image/png', bytes: `canary(1)//` },
  {
    name: 'page.pdf',
    type: 'application/pdf',
    bytes: `%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1);canary(1))>>>>endobj\n%%EOF`,
  },
  { name: 'both.pdf', type: 'application/pdf', bytes: `<script>canary(1)</script>%PDF-1.4\n%%EOF` },
  {
    name: 'page.xml',
    type: 'text/xml',
    bytes: `<?xml-stylesheet href="javascript:canary(1)"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">canary(1)</x:script>`,
  },
  {
    name: 'page.xhtml',
    type: 'application/xhtml+xml',
    bytes: `<html xmlns="http://www.w3.org/1999/xhtml"><script>canary(1)</script></html>`,
  },
  { name: 'movie.swf', type: 'application/x-shockwave-flash', bytes: `FWS\u0009canary(1)` },
  {
    name: 'mail.eml',
    type: 'message/rfc822',
    bytes: `Content-Type: text/html\r\n\r\n<script>canary(1)</script>`,
  },
  {
    name: 'page.mht',
    type: 'multipart/related',
    bytes: `MIME-Version: 1.0\r\n\r\n<script>canary(1)</script>`,
  },
  { name: 'x.manifest', type: 'text/cache-manifest', bytes: `CACHE MANIFEST\nFALLBACK:\n/ /api/me` },
  {
    name: 'utf7.txt',
    type: 'text/plain; charset=utf-7',
    bytes: `+ADw-script+AD4-canary(1)+ADw-/script+AD4-`,
  },
  { name: 'sheet.css', type: 'text/css', bytes: `*{background:url(//evil.test)}` },
  {
    name: 'bom.txt',
    type: 'text/plain',
    bytes: `\u00fe\u00ff\u0000<\u0000s\u0000c\u0000r\u0000i\u0000p\u0000t\u0000>`,
  },
  { name: 'empty.html', type: 'text/html', bytes: `<` },
]
