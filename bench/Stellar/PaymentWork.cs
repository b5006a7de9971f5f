using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Bench.Stellar;

/// <summary>The work that is measured, the same as js/payment.mjs does with the official SDK.</summary>
internal sealed class PaymentWork : IDisposable
{
    private const long Sequence = 42;
    private const long Amount = 125_000_000;
    private static readonly TimeBounds Bounds = new(0, 1_700_000_300);
    private readonly SigningKey _payer = KeyOf(1);
    private readonly AccountId _payee = AccountOf(2);
    private readonly Asset _usdc = Asset.Credit("USDC", AccountOf(3));

    public string BuildSignEncode() => new TransactionBuilder(_payer.AccountId, Sequence)
        .WithMemo(new MemoText("pay_01"))
        .WithTimeBounds(Bounds)
        .Add(new PaymentOperation(_payee, _usdc, Amount))
        .Build()
        .Sign(StellarNetwork.Testnet, _payer)
        .ToXdrBase64();

    public void DecodeVerify(string xdr)
    {
        var envelope = TransactionEnvelope.FromXdrBase64(xdr);
        if (!envelope.IsSignedBy(StellarNetwork.Testnet, _payer.AccountId))
        {
            throw new InvalidOperationException("The signature is not valid.");
        }
    }

    public void Dispose() => _payer.Dispose();

    private static AccountId AccountOf(byte fill)
    {
        using var key = KeyOf(fill);
        return key.AccountId;
    }

    private static SigningKey KeyOf(byte fill) => SigningKey.FromSeed([.. Enumerable.Repeat(fill, 32)]);
}
