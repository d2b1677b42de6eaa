// The picture of a workflow that the server lays out: marked with what a run did, moved, enlarged,
// searched.

import { html, failure } from './view.js';

const SMALLEST = 0.05;
const LARGEST = 3;

// it is in graph.css, as the page takes no inline style
const STYLE = /<style>[^<]*<\/style>/;

export class Graph {
  picture = null;
  error = null;
  scale = 1;
  x = 0;
  y = 0;
  words = '';

  /// @param choose is given the reference of the task that was clicked
  constructor(choose) {
    this.chosenIs = choose;
  }

  async load(path) {
    if (this.path === path) {
      return;
    }
    this.path = path;
    try {
      const answer = await fetch(path);
      if (!answer.ok) {
        throw new Error((await answer.json()).detail);
      }
      const text = (await answer.text()).replace(STYLE, '');
      const read = new DOMParser().parseFromString(text, 'image/svg+xml');
      this.picture = document.importNode(read.documentElement, true);
      this.picture.addEventListener('click', event => this.clicked(event));
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  clicked(event) {
    const task = event.target.closest('[data-reference]');
    if (task) {
      this.chosenIs(task.dataset.reference);
    }
  }

  /// Shows how the last execution of each task went.
  mark(tasks) {
    if (!this.picture) {
      return;
    }
    const last = new Map(tasks.map(task => [task.reference, task.status]));
    for (const box of this.picture.querySelectorAll('[data-reference]')) {
      const status = last.get(box.dataset.reference);
      box.setAttribute('data-status', status ?? '');
    }
    for (const edge of this.picture.querySelectorAll('.edge')) {
      const taken = last.has(edge.dataset.to) && (last.has(edge.dataset.from) || edge.dataset.from.endsWith('#entry'));
      edge.classList.toggle('taken', taken);
    }
  }

  choose(reference) {
    this.picture?.querySelectorAll('.chosen').forEach(it => it.classList.remove('chosen'));
    if (reference) {
      this.picture?.querySelector(`[data-reference="${CSS.escape(reference)}"]`)?.classList.add('chosen');
    }
  }

  fit(host) {
    if (!host || !this.picture || this.fitted === this.picture) {
      return;
    }
    this.fitted = this.picture;
    const width = this.picture.viewBox.baseVal.width;
    this.scale = Math.min(1, Math.max(SMALLEST, (host.clientWidth - 8) / width));
    this.x = Math.max(0, (host.clientWidth - width * this.scale) / 2);
    this.y = 0;
    this.place();
  }

  place() {
    this.picture.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
  }

  zoom(by, x = 0, y = 0) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * by));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.place();
  }

  wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const box = event.currentTarget.getBoundingClientRect();
      this.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, event.clientX - box.left, event.clientY - box.top);
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.x -= event.deltaX || event.deltaY;
      this.place();
    }
  }

  grab(event) {
    if (event.button !== 0) {
      return;
    }
    const host = event.currentTarget;
    const [x, y] = [event.clientX - this.x, event.clientY - this.y];
    const move = moved => {
      this.x = moved.clientX - x;
      this.y = moved.clientY - y;
      this.place();
    };
    host.addEventListener('pointermove', move);
    host.addEventListener('pointerup', () => host.removeEventListener('pointermove', move), { once: true });
    host.addEventListener('pointerleave', () => host.removeEventListener('pointermove', move), { once: true });
  }

  key(event) {
    const by = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
    if (by) {
      event.preventDefault();
      this.x += by[0];
      this.y += by[1];
      this.place();
    } else if (event.key === '+' || event.key === '-') {
      this.zoom(event.key === '+' ? 1.2 : 1 / 1.2);
    }
  }

  find(words) {
    const wanted = words.trim().toLowerCase();
    let first = null;
    for (const box of this.picture.querySelectorAll('[data-reference]')) {
      const found = wanted !== '' && box.querySelector('title')?.textContent.toLowerCase().includes(wanted);
      box.classList.toggle('found', Boolean(found));
      first ??= found ? box : null;
    }
    if (first) {
      const host = this.picture.parentElement;
      const box = first.getBBox();
      this.scale = Math.max(this.scale, 0.8);
      this.x = host.clientWidth / 2 - (box.x + box.width / 2) * this.scale;
      this.y = host.clientHeight / 2 - (box.y + Math.min(box.height, 80) / 2) * this.scale;
      this.place();
    }
  }

  view() {
    requestAnimationFrame(() => this.fit(document.querySelector('.canvas')));
    return html`${failure(this.error)}${this.picture
      ? html`<div class="tools"><input type="search" placeholder="Find a task" aria-label="Find a task" @input=${event => this.find(event.target.value)}>
          <button type="button" class="quiet" aria-label="Smaller" @click=${() => this.zoom(1 / 1.2)}>−</button>
          <button type="button" class="quiet" aria-label="Larger" @click=${() => this.zoom(1.2)}>+</button></div>
        <div class="canvas" tabindex="0" role="application" aria-label="Graph; arrows move it, plus and minus enlarge it"
          @wheel=${event => this.wheel(event)} @pointerdown=${event => this.grab(event)} @keydown=${event => this.key(event)}>${this.picture}</div>`
      : ''}`;
  }
}
