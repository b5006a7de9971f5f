// Builds, signs and encodes payments, then decodes and verifies one, for a while each, and prints the processor time
// of one of each in microseconds as JSON. The work is that of PaymentWork.cs, step by step.
import { Account, Asset, Keypair, Memo, Operation, TransactionBuilder } from "@stellar/stellar-sdk";

const passphrase = "Test SDF Network ; September 2015";
const payer = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 1));
const payee = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 2));
const issuer = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 3));
const usdc = new Asset("USDC", issuer.publicKey());
const account = new Account(payer.publicKey(), "41");

function buildSignEncode() {
  const transaction = new TransactionBuilder(account, {
    fee: "100",
    networkPassphrase: passphrase,
    memo: Memo.text("pay_01"),
    timebounds: { minTime: 0, maxTime: 1700000300 },
  })
    .addOperation(Operation.payment({ destination: payee.publicKey(), asset: usdc, amount: "12.5" }))
    .build();
  transaction.sign(payer);
  return transaction.toXDR();
}

function decodeVerify(xdr) {
  const transaction = TransactionBuilder.fromXDR(xdr, passphrase);
  if (!payer.verify(transaction.hash(), transaction.signatures[0].signature())) {
    throw new Error("the signature is not valid");
  }
}

// Processor time of one call, in microseconds.
function measure(work, seconds) {
  const begin = process.cpuUsage();
  const end = performance.now() + seconds * 1000;
  let calls = 0;
  while (performance.now() < end) {
    work();
    calls++;
  }
  const used = process.cpuUsage(begin);
  return (used.user + used.system) / calls;
}

const seconds = Number(process.argv[2] ?? "1");
const xdr = buildSignEncode();
measure(buildSignEncode, seconds);
const build = measure(buildSignEncode, seconds);
measure(() => decodeVerify(xdr), seconds);
const decode = measure(() => decodeVerify(xdr), seconds);
console.log(JSON.stringify({ build_sign_encode_us: build, decode_verify_us: decode }));
