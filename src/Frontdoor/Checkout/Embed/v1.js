/* StellarPay's checkout in a shop's page, version 1. No library, no cookie; asks nothing but what it shows. */
(() => {
  'use strict';
  const version = 1;
  // Not by name: an element of the page may be called so.
  const script = Object.getOwnPropertyDescriptor(Document.prototype, 'currentScript').get.call(document);
  if (!(script instanceof HTMLScriptElement) || !script.src) return;
  const origin = new URL(script.src).origin;
  // Who answers is let in here.
  const answersWithin = 4000, loadsWithin = 30000;

  const words = {
    en: ['Pay', 'Close', 'Payment'], de: ['Bezahlen', 'Schließen', 'Zahlung'], es: ['Pagar', 'Cerrar', 'Pago'],
    pt: ['Pagar', 'Fechar', 'Pagamento'], hi: ['भुगतान करें', 'बंद करें', 'भुगतान'], ar: ['ادفع', 'إغلاق', 'الدفع'],
  };
  const languageOf = node => {
    const named = node.closest('[lang]');
    const language = named ? named.lang.slice(0, 2).toLowerCase() : '';
    return words[language] ? language : null;
  };

  const style = `
.stellarpay-button { background: #0b57d0; border: 0; border-radius: .5rem; box-sizing: border-box; color: #fff; display: inline-block;
  font: 600 1rem/1.5 system-ui, sans-serif; min-height: 2.75rem; padding: .6rem 1.25rem; text-align: center; text-decoration: none; }
.stellarpay-button:focus-visible { outline: 3px solid #0b57d0; outline-offset: 3px; }
.stellarpay-checkout { background: #f5f6f8; border: 0; border-radius: .75rem; box-sizing: border-box; color: #16191d; flex-direction: column;
  height: min(46rem, calc(100dvh - 2rem)); margin: auto; max-height: none; max-width: none; overflow: hidden; padding: 0;
  width: min(32rem, calc(100vw - 2rem)); }
.stellarpay-checkout[open] { display: flex; }
.stellarpay-checkout::backdrop { background: rgb(0 0 0 / .6); }
.stellarpay-checkout > button { align-self: flex-end; background: none; border: 0; border-radius: .5rem; color: inherit; cursor: pointer;
  flex: none; font: 600 1rem/1.5 system-ui, sans-serif; margin: .25rem; min-height: 2.75rem; min-width: 2.75rem; padding: .25rem .9rem; }
.stellarpay-checkout > button:focus-visible { outline: 3px solid; outline-offset: -3px; }
.stellarpay-checkout > iframe { border: 0; color-scheme: light dark; flex: 1; min-height: 0; width: 100%; }
html:has(.stellarpay-checkout[open]) { overflow: hidden; }
@media (max-width: 40rem), (max-height: 30rem) {
  .stellarpay-checkout { border-radius: 0; height: 100dvh; width: 100vw; }
}
@media (prefers-color-scheme: dark) { .stellarpay-checkout { background: #101215; color: #eceff3; } }
@media (prefers-reduced-motion: no-preference) {
  .stellarpay-checkout[open] { animation: stellarpay-in .15s ease-out; }
  @keyframes stellarpay-in { from { opacity: 0; transform: translateY(1rem); } }
}`;

  // Made so, it needs no 'unsafe-inline'.
  const dress = () => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      return true;
    } catch {
      return false;
    }
  };

  const addressOf = options => {
    const url = new URL(options.url || `/pay/${encodeURIComponent(options.link || '')}`, origin);
    if (url.origin !== origin || !/^\/(checkout|pay)\/[^/]+$/.test(url.pathname)) {
      throw new TypeError(`StellarPay: 'url' is a checkout_url or a payment link's url, at ${origin}; or 'link' is its slug.`);
    }
    return url;
  };

  const define = () => {
    // The checkout is in no frame of a frame.
    const works = dress() && window.top === window && 'showModal' in (window.HTMLDialogElement?.prototype || {});

    const open = (key, options = {}) => {
      const page = addressOf(options);
      const language = options.lang || languageOf(document.activeElement || document.documentElement);
      if (language) page.searchParams.set('lang', language);
      if (!works) {
        const opened = window.top !== window && window.open(page.href);
        if (opened) opened.opener = null;
        else location.assign(page.href);
        return { close() {} };
      }

      const framed = new URL(page.href);
      framed.searchParams.set('embed', key);
      const [, close, title] = words[language] || words.en;
      const dialog = document.createElement('dialog'), button = document.createElement('button'), frame = document.createElement('iframe');
      const stands = { state: null, session: null, paid: false };
      let timer = 0, answered = false, left = false;

      const hear = event => {
        const said = event.data;
        if (event.source !== frame.contentWindow || event.origin !== origin || !said || said.stellarpay !== version) return;
        clearTimeout(timer);
        answered = true;
        if (said.state === 'close') return dialog.close();
        const session = said.session ? String(said.session) : stands.session;
        if (session !== stands.session) stands.paid = false;
        stands.session = session;
        stands.state = String(said.state);
        if (!stands.paid && /^(over)?paid$/.test(stands.state)) {
          stands.paid = true;
          options.onPaid?.({ session, state: stands.state });
        }
      };
      // Nothing was closed: what the shop does then would undo it.
      const leave = () => {
        left = true;
        location.assign(page.href);
      };

      dialog.className = 'stellarpay-checkout';
      dialog.setAttribute('aria-label', title);
      button.type = 'button';
      button.textContent = close;
      frame.title = title;
      frame.allow = 'clipboard-write';
      frame.referrerPolicy = 'no-referrer';
      frame.addEventListener('load', () => {
        clearTimeout(timer);
        // Nobody is led away from what he may have paid.
        if (!answered) timer = setTimeout(leave, answersWithin);
        frame.contentWindow.postMessage({ stellarpay: version }, origin);
      });
      button.addEventListener('click', () => dialog.close());
      dialog.addEventListener('close', () => {
        clearTimeout(timer);
        removeEventListener('message', hear);
        dialog.remove();
        if (!left) options.onClose?.({ ...stands });
      }, { once: true });
      addEventListener('message', hear);
      timer = setTimeout(leave, loadsWithin);
      frame.src = framed.href;
      dialog.append(button, frame);
      document.body.append(dialog);
      dialog.showModal();
      return { close: () => dialog.close() };
    };

    window.StellarPay = key => {
      if (!/^pk_(test|live)_[0-9A-Za-z]+$/.test(key)) {
        throw new TypeError('StellarPay: a page has a publishable key, pk_…; one that begins with sk_ or rk_ is to be revoked now.');
      }
      return { checkout: options => open(key, options) };
    };
    Object.assign(window.StellarPay, { version, keys: new Set() });

    document.addEventListener('click', event => {
      const link = event.target instanceof Element && event.target.closest('a.stellarpay-button');
      const key = link && (link.dataset.key || StellarPay.key);
      // Other keys are of whoever may write links into this page.
      if (!StellarPay.keys.has(key) || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const tell = name => detail => link.dispatchEvent(new CustomEvent(`stellarpay:${name}`, { bubbles: true, detail }));
      try {
        StellarPay(key).checkout({ url: link.href, lang: languageOf(link), onPaid: tell('paid'), onClose: tell('close') });
        event.preventDefault();
      } catch (wrong) {
        // The link leads to the page by itself.
        console.error(wrong);
      }
    });
  };

  if (window.StellarPay?.version !== version) define();
  const { key, link, label } = script.dataset;
  if (key) {
    StellarPay.key = key;
    StellarPay.keys.add(key);
  }
  if (link) {
    const button = document.createElement('a');
    button.className = 'stellarpay-button';
    button.href = new URL(`/pay/${encodeURIComponent(link)}`, origin).href;
    button.textContent = label || (words[languageOf(script)] || words.en)[0];
    if (key) button.dataset.key = key;
    script.after(button);
  }
})();
