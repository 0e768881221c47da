/** A file as its text, which Vite hands to whoever asks with `?raw`. */
declare module '*?raw' {
  const text: string
  export default text
}
