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
  const error = json?.error ?? {category: 'PROTOCOL', message: `Unexpected answer: ${response.status}`, details: {}};
  throw new ApiError(error.category, error.message, error.details);
}

export const get = path => call('GET', path);
export const post = (path, body) => call('POST', path, body);

/** Shows an error in its element; null hides it. */
export function showError(element, error) {
  element.hidden = !error;
  element.textContent = error ? error.message : '';
}
