// The page as it was sent is whole. This keeps it up to date, counts down, and copies. No library, and nothing that is not the page's own.
(() => {
  'use strict';
  const page = () => document.getElementById('page');
  const data = page().dataset;
  const opened = data.state;
  const began = performance.now();
  // The server's clock: this machine's may be wrong.
  const now = () => Date.parse(data.now) + performance.now() - began;
  const said = document.getElementById('said');
  const say = text => { said.textContent = text; };
  let tag = null, renewing = false, again = false, ended = false;

  const copy = async event => {
    const button = event.target.closest('button[data-copy]');
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.textContent);
      say(`${page().dataset.copied}: ${document.getElementById(`${field.id}_name`).textContent}`);
    } catch {
      // No clipboard here: marked, it is copied by hand.
      getSelection().selectAllChildren(field);
    }
  };

  const count = () => {
    const left = document.getElementById('left');
    if (!left) return;
    const seconds = Math.max(0, Math.ceil((Date.parse(page().dataset.payBy) - now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    left.parentElement.hidden = false;
  };

  const dress = () => {
    for (const button of document.querySelectorAll('button[data-copy]')) button.hidden = false;
    count();
  };

  // The page anew, from where it came: there is one place that says how it looks.
  const renew = async () => {
    if (renewing) { again = true; return; }
    renewing = true;
    try {
      const answer = await fetch(location.href, { cache: 'no-store', redirect: 'error' });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('page');
      const old = page();
      if (!fresh || fresh.dataset.version === old.dataset.version) return;
      const changed = fresh.dataset.state !== old.dataset.state;
      old.replaceWith(document.importNode(fresh, true));
      dress();
      if (changed) {
        say(document.getElementById('state').textContent);
        settle();
      }
    } finally {
      renewing = false;
      if (again) { again = false; renew(); }
    }
  };

  // Paid while it was open: on to the shop, once it was seen. In a shop's page the shop is there already.
  const settle = () => {
    const state = page().dataset.state;
    ended = !page().dataset.poll;
    const next = document.querySelector('a[data-next]');
    if (next && parent === window && (state === 'paid' || state === 'overpaid') && opened !== state) setTimeout(() => location.assign(next.href), 6000);
  };

  const wait = () => {
    const open = performance.now() - began;
    const seconds = open < 60000 ? 2 : open < 300000 ? 5 : 15;
    return seconds * 1000 * (0.8 + 0.4 * Math.random());
  };

  const poll = async () => {
    if (ended || !data.poll) return;
    let pause = wait();
    try {
      const answer = await fetch(data.poll, { cache: 'no-store', headers: tag ? { 'If-None-Match': tag } : {} });
      if (answer.status === 429) pause = 1000 * Math.max(15, Number(answer.headers.get('Retry-After')) || 0);
      if (answer.status === 200) {
        const before = tag;
        tag = answer.headers.get('ETag');
        if (before) await renew();
      }
    } catch {
      // Away for a while: asked again.
    }
    setTimeout(poll, pause);
  };

  const listen = () => {
    if (!data.stream || !window.EventSource) { poll(); return; }
    const stream = new EventSource(data.stream);
    stream.onmessage = event => {
      if (event.lastEventId === page().dataset.version) return;
      renew().then(() => { if (ended) stream.close(); });
    };
    stream.onerror = () => {
      // It comes back by itself, but where it was refused.
      if (stream.readyState === EventSource.CLOSED && !ended) poll();
    };
  };

  document.addEventListener('click', copy);
  dress();
  setInterval(count, 1000);
  // What becomes of a payment that failed nobody tells.
  setInterval(() => { if (page().dataset.follow) renew(); }, 2000);
  if (data.expiresAt) {
    const left = Date.parse(data.expiresAt) - now();
    if (left > 0 && left < 86400000) setTimeout(renew, left + 500);
  }
  if (data.viewed) fetch(data.viewed, { method: 'POST', body: new URLSearchParams({ key: data.key }), redirect: 'manual' }).catch(() => {});
  listen();
})();
