/** One signed-in person over the public HTTP API: a cookie jar, and refusals as errors with their code. */

export class ApiRefusal extends Error {
  constructor({ code, message, retryAfterMs }) {
    super(`${code}: ${message}`)
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** Signs the person up, or in when a run before this one did. */
export async function openSession(url, { username, displayName }, password) {
  const cookies = new Map()

  async function call(method, path, body) {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: JSON.stringify(body),
    })
    for (const cookie of response.headers.getSetCookie()) keep(cookie)
    if (response.status === 204) return null
    const answer = await response.json()
    if (!response.ok) throw new ApiRefusal(answer.error)
    return answer
  }

  function keep(cookie) {
    const [pair] = cookie.split(';')
    const equals = pair.indexOf('=')
    cookies.set(pair.slice(0, equals), pair.slice(equals + 1))
  }

  const { user } = await call('POST', '/auth/sign-up', { username, displayName, password }).catch((error) => {
    if (error.code !== 'username_taken') throw error
    return call('POST', '/auth/sign-in', { username, password })
  })
  return { user, call }
}
