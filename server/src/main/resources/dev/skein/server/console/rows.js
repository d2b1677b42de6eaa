// A list of any length, of which only the rows that can be seen are drawn: so ten thousand of them
// scroll like ten.

import { html } from './view.js';

export const ROW = 30;
const AROUND = 12;

export class Rows {
  top = 0;
  height = 600;

  /// @param kind its class
  /// @param row draws one: `row(item, index, place)`, with `place` as its style
  constructor(kind, label, row, draw) {
    this.kind = kind;
    this.label = label;
    this.row = row;
    this.draw = draw;
  }

  /// @param ended is told when its end can be seen, or nearly
  view(items, ended = () => {}) {
    const first = Math.max(0, Math.floor(this.top / ROW) - AROUND);
    const last = Math.min(items.length, Math.ceil((this.top + this.height) / ROW) + AROUND);
    if (last === items.length) {
      ended();
    }
    return html`<div class="rows ${this.kind}" @scroll=${event => this.scrolled(event)} @keydown=${event => this.key(event)}>
      <ol aria-label=${this.label} .style=${`height:${items.length * ROW}px`}>
        ${items.slice(first, last).map((item, i) => this.row(item, first + i, `top:${(first + i) * ROW}px`))}
      </ol></div>`;
  }

  scrolled(event) {
    const { scrollTop, clientHeight } = event.target;
    const moved = Math.floor(scrollTop / ROW) !== Math.floor(this.top / ROW);
    this.top = scrollTop;
    if (moved || clientHeight !== this.height) {
      this.height = clientHeight;
      this.draw();
    }
  }

  /// Up and down go from row to row, and further by pages than Tab would.
  key(event) {
    const host = event.currentTarget;
    const page = Math.floor(host.clientHeight / ROW) - 1;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    const from = event.target.closest('li');
    if (!by || !from) {
      return;
    }
    event.preventDefault();
    const top = parseFloat(from.style.top) + by * ROW;
    const end = host.firstElementChild.clientHeight - ROW;
    const wanted = Math.max(0, Math.min(end, top));
    if (wanted < host.scrollTop || wanted > host.scrollTop + host.clientHeight - ROW) {
      host.scrollTop = by > 0 ? wanted - host.clientHeight + ROW : wanted;
      this.top = host.scrollTop;
      this.draw();
    }
    [...host.querySelectorAll('li')].find(li => parseFloat(li.style.top) === wanted)?.querySelector('button')?.focus({ preventScroll: true });
  }
}
