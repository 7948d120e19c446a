/**
 * Does what a button asks for, once at a time. The button is not disabled meanwhile, for that would take the keyboard focus from it.
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
