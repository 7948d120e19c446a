/** The REST API. Every failure becomes an Error with the message of the server's error JSON. */

export class ApiError extends Error {
  constructor(category, message, details) {
    super(message);
    this.category = category;
    this.details = details;
  }
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch('api/' + path, {
      method,
      headers: body === undefined ? {} : {'Content-Type': 'application/json'},
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError('UNAVAILABLE', 'The application does not answer. Is it still running?', {});
  }
  const json = await response.json().catch(() => null);
  if (response.ok) {
    return json;
  }
  throw failure(response, json);
}

function failure(response, json) {
  const error = json?.error ?? {category: 'PROTOCOL', message: `Unexpected answer: ${response.status}`, details: {}};
  return new ApiError(error.category, error.message, error.details);
}

/**
 * Asks for server-sent events and calls back for each; resolves at the end of the stream.
 * @param {AbortSignal} signal aborting it ends the stream, and with it the work of the server
 */
export async function stream(path, body, signal, onEvent) {
  let response;
  try {
    response = await fetch('api/' + path, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body), signal,
    });
  } catch (error) {
    if (signal.aborted) {
      throw error;
    }
    throw new ApiError('UNAVAILABLE', 'The application does not answer. Is it still running?', {});
  }
  if (!response.ok) {
    throw failure(response, await response.json().catch(() => null));
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) {
      return;
    }
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const [, name, data] = event.match(/^event: (.*)\ndata: (.*)$/);
      onEvent(name, JSON.parse(data));
    }
  }
}

export const get = path => call('GET', path);
export const remove = path => call('DELETE', path);
export const post = (path, body) => call('POST', path, body);

/** Shows an error in its element; null hides it. */
export function showError(element, error) {
  element.hidden = !error;
  element.textContent = error ? error.message : '';
}
