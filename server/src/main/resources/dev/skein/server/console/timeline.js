// The tasks of a run over time. Only the rows that can be seen are drawn, so that ten thousand of
// them scroll like ten.

import { html, nothing, span, took } from './view.js';

const ROW = 30;
const AROUND = 12;

export class Timeline {
  tasks = [];
  chosen = null;
  top = 0;
  height = 600;

  /// @param choose is given the task that was clicked
  constructor(choose, draw) {
    this.chosenIs = choose;
    this.draw = draw;
  }

  show(run, tasks) {
    this.tasks = tasks;
    this.from = Date.parse(run.startedAt);
    this.end = run.endedAt ? Date.parse(run.endedAt) : null;
  }

  choose(task) {
    this.chosen = task;
  }

  view() {
    if (this.tasks.length === 0) {
      return html`<p class="empty">Nothing has begun yet.</p>`;
    }
    const until = this.end ?? Date.now();
    const first = Math.max(0, Math.floor(this.top / ROW) - AROUND);
    const last = Math.min(this.tasks.length, Math.ceil((this.top + this.height) / ROW) + AROUND);
    const whole = Math.max(1, until - this.from);
    return html`
      <div class="scale" aria-hidden="true">${[0, 0.25, 0.5, 0.75, 1].map(part => html`<span .style=${`left:${part * 100}%`}>${span(whole * part)}</span>`)}</div>
      <div class="timeline" @scroll=${event => this.scrolled(event)}>
        <ol .style=${`height:${this.tasks.length * ROW}px`}>
          ${this.tasks.slice(first, last).map((task, i) => this.row(task, first + i, whole))}
        </ol>
      </div>`;
  }

  scrolled(event) {
    this.top = event.target.scrollTop;
    this.height = event.target.clientHeight;
    this.draw();
  }

  row(task, index, whole) {
    const begun = Date.parse(task.startedAt) - this.from;
    const ended = (task.endedAt ? Date.parse(task.endedAt) : this.from + whole) - this.from;
    const left = Math.min(99.5, (begun / whole) * 100);
    const width = Math.max(0.3, Math.min(100 - left, ((ended - begun) / whole) * 100));
    const depth = Math.max(0, (task.reference.match(/\/\d+\//g) ?? []).length - 1);
    const chosen = this.chosen && this.chosen.reference === task.reference && this.chosen.iteration === task.iteration;
    return html`<li class=${chosen ? 'chosen' : ''} .style=${`top:${index * ROW}px`}>
      <button type="button" @click=${() => this.chosenIs(task)} .style=${`--depth:${depth}`}>
        <span class="what"><i class="dot ${task.status}" aria-hidden="true"></i>${task.name}${task.iteration ? html` <small>${task.iteration}</small>` : nothing}
          ${task.attempts > 1 ? html`<small class="tries">${task.attempts}×</small>` : nothing}<span class="hidden"> ${task.status}</span></span>
        <span class="lane"><i class="bar ${task.status}" .style=${`left:${left}%;width:${width}%`}></i></span>
        <span class="took">${took(task)}</span>
      </button></li>`;
  }
}
