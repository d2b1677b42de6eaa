// Asks the server; what it refuses is thrown as a Problem.

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? `the server answered ${status}`);
    this.status = status;
    this.code = body.code ?? '';
    this.body = body;
  }
}

/// What a session shows besides its cookie when it changes something.
let token = null;

/// Who is logged in, `{name, roles, csrf}`; null if nobody is and somebody must be.
export async function session() {
  try {
    return entered(await get('/api/v1/session'));
  } catch (problem) {
    if (problem.status === 401) {
      return null;
    }
    throw problem;
  }
}

export const login = async key => entered(await post('/api/v1/session', { key }));

export async function logout() {
  await send('DELETE', '/api/v1/session');
  token = null;
}

function entered(who) {
  token = who.csrf;
  return who;
}

async function send(method, path, body, headers = {}) {
  return (await sent(method, path, body, headers)).content;
}

async function sent(method, path, body, headers = {}) {
  let answer;
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const meant = token && method !== 'GET' ? { 'X-Skein-CSRF': token } : {};
  try {
    answer = await fetch(path, {
      method,
      headers: { ...type, ...meant, ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, { detail: 'the server cannot be reached' });
  }
  const kind = answer.headers.get('Content-Type') ?? '';
  const content = kind.includes('json') ? await answer.json() : await answer.text();
  if (!answer.ok) {
    if (answer.status === 401) {
      dispatchEvent(new Event('unauthorized'));
    }
    throw new Problem(answer.status, kind.includes('json') ? content : {});
  }
  return { content, next: /<([^>]*)>; rel="next"/.exec(answer.headers.get('Link') ?? '')?.[1] };
}

/// A list whose pages are linked, whole.
export async function all(path) {
  const items = [];
  for (let next = path; next; ) {
    const page = await sent('GET', next);
    items.push(...page.content);
    next = page.next;
  }
  return items;
}

export const get = path => send('GET', path);
export const post = (path, body = {}, headers) => send('POST', path, body, headers);

/// A path with its parts encoded: url`/api/v1/runs/${id}`.
export function url(parts, ...values) {
  return parts.reduce((whole, part, i) => whole + encodeURIComponent(values[i - 1]) + part);
}

/// A query of what is not empty.
export function query(values) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== '') {
      given.set(name, value);
    }
  }
  const text = given.toString();
  return text ? '?' + text : '';
}

/// Follows events as they happen, and tells whether it does.
///
/// @param handlers by the kind of event; `connected` hears true and false
/// @return ends it
export function follow(path, handlers) {
  const source = new EventSource(path);
  source.onopen = () => handlers.connected?.(true);
  source.onerror = () => handlers.connected?.(false);
  source.addEventListener('unauthorized', () => {
    source.close();
    dispatchEvent(new Event('unauthorized'));
  });
  for (const [kind, handler] of Object.entries(handlers)) {
    if (kind !== 'connected') {
      source.addEventListener(kind, event => handler(JSON.parse(event.data)));
    }
  }
  return () => source.close();
}

/// Calls later and once, however often it is asked to meanwhile.
export function eventually(call, millis) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      call();
    }, millis);
  };
}
