import {get, upload} from './api.js';

const TITLES = {'text-to-image': 'Text to picture', 'image-to-image': 'Text and your picture'};
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

/** Offers the workflows, and for each the inputs that can be chosen. */
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

/** The choices, for POST /api/stories; uploads a picture first. */
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
