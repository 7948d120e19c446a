import {get, upload} from './api.js';

const TITLES = {'text-to-image': 'A picture after the text', 'image-to-image': 'The text over a picture of yours'};
const SIZES = ['512 × 512', '768 × 512', '512 × 768', '1024 × 1024'];
const WIDTH = 'size.width';
const HEIGHT = 'size.height';
const PICTURE = 'image.image';

const template = document.getElementById('template');
const size = document.getElementById('size');
const picture = document.getElementById('picture');
const sizeChoice = document.getElementById('size-choice');
const pictureChoice = document.getElementById('picture-choice');
let parameters = {};

/** Offers the workflows that there are, and for each what can be chosen in it. */
export async function startChoices() {
  size.append(new Option('as in the workflow', ''), ...SIZES.map(text => new Option(text, text)));
  template.addEventListener('change', show);
  const templates = await get('templates');
  parameters = Object.fromEntries(templates.map(({name, parameters}) => [name, parameters.map(parameter => parameter.name)]));
  template.replaceChildren(...templates.map(({name}) => new Option(TITLES[name] ?? name, name)));
  show();
}

function show() {
  const has = name => parameters[template.value]?.includes(name) ?? false;
  sizeChoice.hidden = !has(WIDTH) || !has(HEIGHT);
  pictureChoice.hidden = !has(PICTURE);
  picture.required = has(PICTURE);
}

/** What was chosen, for POST /api/stories; a picture is sent first. */
export async function choices() {
  const chosen = {};
  if (!sizeChoice.hidden && size.value) {
    [chosen[WIDTH], chosen[HEIGHT]] = size.value.split(' × ').map(Number);
  }
  if (!pictureChoice.hidden) {
    chosen[PICTURE] = await upload(picture.files[0]);
  }
  return template.value ? {template: template.value, parameters: chosen} : {};
}
