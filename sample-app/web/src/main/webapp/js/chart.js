/* global uPlot */
const POINTS = 150;
const SECONDS = 120;
const HEIGHT = 150;
const COLOURS = ['--accent', '--good', '--soft'];

/** A line chart of the last minutes, drawn by uPlot. */
export class Chart {
  constructor(parent, title, names, colours = COLOURS) {
    this.figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    caption.textContent = title;
    this.figure.append(caption);
    parent.append(this.figure);
    this.names = names;
    this.colours = colours;
    this.data = [[], ...names.map(() => [])];
    this.draw();
    new ResizeObserver(() => this.plot.setSize({width: this.figure.clientWidth, height: HEIGHT})).observe(this.figure);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  draw() {
    this.plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    const axis = {stroke: colour('--soft'), grid: {stroke: colour('--line'), width: 1}, ticks: {show: false}};
    this.plot = new uPlot({
      width: this.figure.clientWidth,
      height: HEIGHT,
      cursor: {drag: {x: false, y: false}},
      scales: {x: {range: () => [Date.now() / 1000 - SECONDS, Date.now() / 1000]}, y: {range: (plot, min, max) => [0, Math.max(1, max * 1.1)]}},
      axes: [{...axis, space: 90, values: (plot, times) => times.map(clock)}, {...axis, size: 52}],
      series: [{}, ...this.names.map((label, i) => ({label, stroke: colour(this.colours[i]), width: 2, points: {show: false}}))],
    }, this.data, this.figure);
  }

  /** Adds a point of time in seconds; null leaves a gap. */
  add(time, values) {
    [time, ...values].forEach((value, i) => {
      this.data[i].push(value);
      if (this.data[i].length > POINTS) {
        this.data[i].shift();
      }
    });
    this.plot.setData(this.data);
  }
}

const clock = seconds => new Date(seconds * 1000).toLocaleTimeString([], {hourCycle: 'h23'});
