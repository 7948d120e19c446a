/** Failures in the words of people; the application's own words are a click away. */

const WORDS = {
  UNAVAILABLE: who => `${who} cannot be reached, or cannot work now.`,
  TIMEOUT_CONNECT: who => `${who} does not answer.`,
  TIMEOUT_RESPONSE: who => `${who} did not answer in time.`,
  TIMEOUT_SERVER: who => `${who} did not answer in time.`,
  DEADLINE: who => `${who} did not finish in time.`,
  TLS: who => `${who} cannot be reached safely.`,
  PROXY: who => `A proxy on the way to ${who} is in the way.`,
  AUTHENTICATION: who => `${who} refuses the key of this application.`,
  PERMISSION: who => `${who} does not allow this.`,
  QUOTA: who => `The budget of this application for ${who} is used up.`,
  RATE_LIMIT: who => `${who} asks for a pause. Try again in a while.`,
  OVERLOADED: who => `${who} has too much to do. Try again in a while.`,
  CONTEXT_LENGTH: who => `This is too long for ${who}.`,
  CONTENT_FILTER: who => `${who} does not want to talk about this.`,
  SERVER: who => `${who} has failed. Trying again may help.`,
  PROTOCOL: who => `${who} gave an answer that cannot be used. Trying again may help.`,
  COMMUNICATION: who => `The connection to ${who} broke. Trying again may help.`,
  TRUNCATED: who => `The answer of ${who} broke off. Trying again may help.`,
  CANCELLED: () => 'This was stopped.',
};

const capitalised = text => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Shows an error in its element; null hides it. Repeating the same error changes nothing, so that it is not read out again.
 * @param {string} [who] the backend that it is about; without one the application's message is for people already
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
