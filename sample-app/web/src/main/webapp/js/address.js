/** The address of the page names the story that is shown, so that a reload, a bookmark and the back button find it. */

const CHANGED = 'storychange';

/** Id of the story; null if none is shown. */
export const shownStory = () => new URLSearchParams(location.search).get('story');

export const addressOf = id => `?story=${encodeURIComponent(id)}`;

export function goTo(id) {
  history.pushState(null, '', addressOf(id));
  dispatchEvent(new Event(CHANGED));
}

export function onStoryChange(listener) {
  addEventListener(CHANGED, listener);
  addEventListener('popstate', listener);
}
