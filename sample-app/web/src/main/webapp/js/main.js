import {startChat} from './chat.js';
import {startChoices} from './choices.js';
import {showError} from './errors.js';
import {startEvents} from './events.js';
import {startServerPanel} from './server.js';
import {startList} from './stories.js';
import {startStories} from './story.js';

startStories();
startList();
startChat();
startServerPanel();
startEvents();
startChoices().catch(error => showError(document.getElementById('idea-error'), error));
