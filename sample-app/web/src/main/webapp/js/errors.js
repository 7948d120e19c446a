/** Failures in words for users; the message of the application is under "Details". */

const WORDS = {
  UNAVAILABLE: who => `${who} is not available.`,
  TIMEOUT_CONNECT: who => `${who} does not respond.`,
  TIMEOUT_RESPONSE: who => `${who} did not respond in time.`,
  TIMEOUT_SERVER: who => `${who} did not respond in time.`,
  DEADLINE: who => `${who} did not finish in time.`,
  TLS: who => `The secure connection to ${who} failed.`,
  PROXY: who => `The proxy does not let the application connect to ${who}.`,
  AUTHENTICATION: who => `${who} rejects the API key of this application.`,
  PERMISSION: who => `${who} does not permit this.`,
  QUOTA: who => `The quota of this application for ${who} is used up.`,
  RATE_LIMIT: who => `${who} limits the rate of requests. Try again in a while.`,
  BUDGET: who => `The budget of this application for ${who} is used up.`,
  OVERLOADED: who => `${who} is overloaded. Try again in a while.`,
  CONTEXT_LENGTH: who => `This is too long for ${who}.`,
  CONTENT_FILTER: who => `${who} refuses this content.`,
  SERVER: who => `${who} has failed. Trying again may help.`,
  PROTOCOL: who => `${who} sent an unusable answer. Trying again may help.`,
  COMMUNICATION: who => `The connection to ${who} broke. Trying again may help.`,
  TRUNCATED: who => `The answer of ${who} broke off. Trying again may help.`,
  CANCELLED: () => 'This was cancelled.',
};

const capitalised = text => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Shows an error in its element; null hides it. Repeating the same error changes nothing, so that it is not read out again.
 * @param {string} [who] the backend that failed; without one the application's message is shown as it is
 */
export function showError(element, error, who) {
  const said = error ? `${who} ${error.category} ${error.message}` : '';
  if (element.dataset.said === said) {
    return;
  }
  element.dataset.said = said;
  element.hidden = !error;
  element.replaceChildren();
  if (!error) {
    return;
  }
  const words = who && WORDS[error.category];
  const message = document.createElement('span');
  message.dir = 'auto';
  message.textContent = error.message;
  if (!words) {
    element.append(message);
    return;
  }
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = 'Details';
  details.append(summary, message);
  element.append(capitalised(words(who)), details);
}
