// A shop as its developer writes it: pages that sell, the API with its secret key, and webhooks that the official stripe client verifies.
// API_URL, API_KEY and PRICE (in XLM) are what it is told; the first line that it writes is where it is.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import Stripe from 'stripe';

const { API_URL, API_KEY, PRICE } = process.env;
assert.ok(API_URL && API_KEY && PRICE, 'API_URL, API_KEY and PRICE must be set');
const stripe = new Stripe('sk_test_of_nobody');
const orders = new Map();
const refused = [];
let secret;

async function api(path, body, key) {
  const answer = await fetch(new URL(path, API_URL), {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  assert.ok(answer.ok, JSON.stringify(said));
  return said;
}

async function buy(number) {
  const session = await api('/v1/payment_sessions', {
    amount_decimal: PRICE, currency: 'XLM', description: 'A book', metadata: { order: String(number) },
    success_url: `${origin()}/thanks?session={CHECKOUT_SESSION_ID}`, cancel_url: `${origin()}/`,
  }, `order-${number}`);
  orders.set(session.id, { session: session.id, status: 'open', refund: null, events: [] });
  return session.checkout_url;
}

// What was changed on its way, or is not ours, throws.
function hear(body, signature) {
  const event = stripe.webhooks.constructEvent(body, signature, secret);
  const object = event.data.object;
  const order = orders.get(object.object === 'refund' ? object.stellarpay.payment_session : object.id);
  if (!order || order.events.some((one) => one.id === event.id)) return;
  order.events.push({ id: event.id, type: event.type });
  if (event.type === 'payment_session.paid') Object.assign(order, { status: 'paid', transaction: object.tx_hash });
  if (object.object === 'refund') order.refund = object.status;
}

const page = (body) => `<!doctype html><html lang="en"><title>A shop</title><h1>A shop</h1>${body}</html>`;

const routes = {
  'GET /': () => [200, page('<form method="post" action="/buy"><button>Buy the book</button></form>')],
  'POST /buy': async () => [200, page(`<p>It is put aside for you.</p><a href="${await buy(orders.size + 1)}">Pay now</a>`)],
  'GET /thanks': (_, url) => [200, page(`<p id="order">${orders.get(url.searchParams.get('session'))?.status ?? 'no such order'}</p>`)],
  'GET /orders': () => [200, JSON.stringify({ orders: [...orders.values()], refused })],
  'POST /refund': async (_, url) => {
    const session = url.searchParams.get('session');
    return [200, JSON.stringify(await api('/v1/refunds', { payment_session: session, amount_decimal: url.searchParams.get('amount') }, `refund-${session}`))];
  },
  'POST /webhooks': (body, _, headers) => {
    try {
      hear(body, headers['stripe-signature']);
      return [200, ''];
    } catch (error) {
      refused.push(error.constructor.name);
      return [400, ''];
    }
  },
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, origin());
  const answer = routes[`${request.method} ${url.pathname}`];
  try {
    const [status, body, headers] = answer ? await answer(await text(request), url, request.headers) : [404, ''];
    response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/html; charset=utf-8', ...headers });
    response.end(body);
  } catch (error) {
    response.writeHead(500);
    response.end(String(error));
  }
});
const origin = () => `http://127.0.0.1:${server.address().port}`;

server.listen(0, '127.0.0.1', async () => {
  ({ secret } = await api('/v1/webhook_endpoints', {
    url: `${origin()}/webhooks`, enabled_events: ['payment_session.*', 'refund.created', 'refund.updated', 'refund.failed'],
  }));
  console.log(origin());
});
