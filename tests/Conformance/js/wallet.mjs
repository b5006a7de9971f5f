// A wallet of nobody here, on the official Stellar SDK: it pays what a URI asks for (SEP-7).
// SANDBOX_URL says where the network is, URI is what it has read. It writes what it did in one line of JSON.
import assert from 'node:assert/strict';
import { Asset, BASE_FEE, Horizon, Keypair, Memo, Operation, TransactionBuilder } from '@stellar/stellar-sdk';

const { SANDBOX_URL, URI } = process.env;
assert.ok(SANDBOX_URL && URI, 'SANDBOX_URL and URI must be set');
const asked = new URL(URI);
assert.equal(asked.protocol + asked.pathname, 'web+stellar:pay');
const said = asked.searchParams;

const server = new Horizon.Server(SANDBOX_URL, { allowHttp: true });
const { network_passphrase: networkPassphrase } = await (await fetch(SANDBOX_URL)).json();
assert.equal(said.get('network_passphrase') ?? networkPassphrase, networkPassphrase);
const key = Keypair.random();
await server.friendbot(key.publicKey()).call();
const transaction = new TransactionBuilder(await server.loadAccount(key.publicKey()), { fee: BASE_FEE, networkPassphrase })
  .addOperation(Operation.payment({
    destination: said.get('destination'),
    asset: said.has('asset_code') ? new Asset(said.get('asset_code'), said.get('asset_issuer')) : Asset.native(),
    amount: said.get('amount'),
  }))
  .addMemo(said.has('memo') ? new Memo(said.get('memo_type').replace('MEMO_', '').toLowerCase(), said.get('memo')) : Memo.none())
  .setTimeout(60)
  .build();
transaction.sign(key);
const { hash } = await server.submitTransaction(transaction);
console.log(JSON.stringify({ account: key.publicKey(), hash, amount: said.get('amount') }));
