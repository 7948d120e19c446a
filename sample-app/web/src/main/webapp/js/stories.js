import {addressOf, goTo, onStoryChange, shownStory} from './address.js';
import {get} from './api.js';
import {on} from './events.js';

const SHOWN = 20;
const WORDS = {RUNNING: 'Running', COMPLETED: 'Done', CANCELLED: 'Cancelled', FAILED: 'Failed'};

const section = document.getElementById('stories');
const list = document.getElementById('stories-list');
const items = new Map();

/** The list of stories, newest first; each is an address of this page. */
export function startList() {
  on('hello', refresh);
  on('story', put);
  onStoryChange(mark);
}

async function refresh() {
  try {
    const stories = await get('stories');
    items.clear();
    list.replaceChildren();
    stories.reverse().forEach(put);
  } catch {
    // the story above shows the error, and the next "hello" requests again
  }
}

function put(story) {
  let item = items.get(story.id);
  if (!item) {
    item = document.createElement('li');
    const link = document.createElement('a');
    const badge = document.createElement('span');
    const time = document.createElement('time');
    link.href = addressOf(story.id);
    link.addEventListener('click', event => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) { // these open another tab or window
        event.preventDefault();
        goTo(story.id);
      }
    });
    link.dir = 'auto';
    link.textContent = story.idea;
    time.dateTime = story.begun;
    time.textContent = new Date(story.begun).toLocaleTimeString([], {hour: '2-digit', minute: '2-digit'});
    item.append(time, link, badge);
    items.set(story.id, item);
    list.prepend(item);
    while (list.children.length > SHOWN) {
      list.lastElementChild.remove();
    }
  }
  const badge = item.lastElementChild;
  badge.className = `badge ${story.state}`;
  badge.textContent = WORDS[story.state];
  section.hidden = false;
  mark();
}

function mark() {
  items.forEach((item, id) => {
    const link = item.querySelector('a');
    if (id === shownStory()) {
      link.setAttribute('aria-current', 'true');
    } else {
      link.removeAttribute('aria-current');
    }
  });
}
