import {startChat} from './chat.js';
import {startServerPanel} from './server.js';
import {startStories} from './story.js';

startStories();
startChat();
startServerPanel();
