// A page that shows what the server says at one address, asked again and again.

import { get } from './api.js';

export class Polled {
  all = null;
  error = null;

  /// @param path what is asked for
  /// @param millis how often
  constructor(draw, path, millis) {
    this.draw = draw;
    this.path = path;
    this.millis = millis;
  }

  open() {
    this.load();
    this.ticking = setInterval(() => this.load(), this.millis);
  }

  close() {
    clearInterval(this.ticking);
  }

  async load() {
    try {
      this.all = await get(this.path);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.draw();
  }
}
