// A page within a shop's page: tells it how the payment stands and of which session that is, nothing else. Whom it tells it knows by a first
// message, which must come from the page around it and from an origin that the shop's key lists.
(() => {
  'use strict';
  const version = 1;
  const page = () => document.getElementById('page');
  const listed = (page().dataset.framedBy || '').split(' ');
  let shop = null, told = null;

  const tell = state => {
    if (shop) parent.postMessage({ stellarpay: version, state, session: page().dataset.session || null }, shop);
  };

  // Of a payment link: where the session is that was made here, for whoever closes the dialog and opens it again. He would make another, and
  // what he sent to the first he would not see. Kept by this tab, for this shop; a browser may keep nothing, and then it is as if it were not.
  const at = 'stellarpay:at', of = 'stellarpay:of ';
  const kept = {
    get: name => { try { return sessionStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* As above. */ } },
    drop: name => { try { sessionStorage.removeItem(name); } catch { /* As above. */ } },
  };
  const link = location.pathname.startsWith('/pay/') ? location.pathname : kept.get(at);

  const remember = () => {
    const { session, state } = page().dataset;
    if (!link || !session) return;
    if (/^(paid|overpaid|expired|canceled|late|accepted)$/.test(state)) kept.drop(of + link);
    else kept.set(of + link, location.href);
  };

  const look = () => {
    const { state } = page().dataset;
    remember();
    if (!shop || state === told) return;
    told = state;
    tell(state);
  };

  if (parent === window) return;
  if (location.pathname.startsWith('/pay/')) {
    const before = kept.get(of + link);
    kept.drop(at);
    if (before) {
      kept.set(at, link);
      kept.drop(of + link);
      location.replace(before);
      return;
    }
    // What the form makes is this link's; where it makes nothing, this page is there again.
    addEventListener('submit', () => kept.set(at, link));
  } else {
    kept.drop(at);
    remember();
  }

  addEventListener('message', event => {
    if (event.source !== parent || !listed.includes(event.origin) || !event.data || event.data.stellarpay !== version) return;
    shop = event.origin;
    told = null;
    look();
  });
  // The page is put in the place of the one before.
  new MutationObserver(look).observe(document.body, { childList: true });
  // Keys that are pressed here the shop's dialog does not hear.
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && !event.defaultPrevented) tell('close');
  });
})();
