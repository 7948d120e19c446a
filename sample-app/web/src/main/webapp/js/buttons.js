/**
 * Runs the action of a button, once at a time. The button is not disabled meanwhile, because that would take the keyboard focus from it.
 */
export async function once(button, action) {
  if (button.getAttribute('aria-disabled') === 'true') {
    return;
  }
  button.setAttribute('aria-disabled', 'true');
  try {
    await action();
  } finally {
    button.removeAttribute('aria-disabled');
  }
}
