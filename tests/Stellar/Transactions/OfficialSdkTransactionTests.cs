using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Transactions;

/// <summary>
/// Transactions that the official JS SDK (@stellar/stellar-sdk 15.1.0) built and signed; ours must be the same bytes.
/// </summary>
public sealed class OfficialSdkTransactionTests : IDisposable
{
    private static readonly TimeBounds UntilThen = new(0, 1_700_000_300);
    private readonly SigningKey _a = KeyOf(0);
    private readonly SigningKey _b = KeyOf(1);
    private readonly SigningKey _c = KeyOf(2);

    private Asset Usdc => Asset.Credit("USDC", _c.AccountId);

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
    }

    [Fact]
    public void A_payment_and_the_fee_bump_around_it()
    {
        var envelope = Payment();
        Check(
            envelope,
            "240eca11c3efcd5e6cdeed8d090ea25d45fe0871caeb4d8d205dc0b8634f1b38",
            "AAAAAgAAAAADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAAAGQAAAAAAAAAKgAAAAEAAAAAAAAAAAAA"
            + "AABlU/IsAAAAAQAAAAZwYXlfMDEAAAAAAAEAAAAAAAAAAQAAAAB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45EL"
            + "rQSWZAAAAAFVU0RDAAAAAEPNwCPSLV+eEH0aBpNFfTXR0Q630hxyEZL1b13kBmXTAAAAAAdzWUAAAAAAAAAAARJV"
            + "MbgAAABA6y2EBrfLEsMyiHkbAER4VOdhl5842dzJSCK8UmIcR+AEsdh8IIIPbtJO+QHJr/83XENwNd51ohC3ExQ1"
            + "kVTwCw==");

        var bump = FeeBump.Wrap(envelope, _c.AccountId, baseFee: 200).Sign(StellarNetwork.Testnet, _c);
        Check(
            bump,
            "8a70e972f3e1008a91e3ce9a71b643682a8a90cd1f59d26243a5cf735daf83c4",
            "AAAABQAAAABDzcAj0i1fnhB9GgaTRX010dEOt9IcchGS9W9d5AZl0wAAAAAAAAGQAAAAAgAAAAADoQe/884Qvh1w"
            + "3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAAAGQAAAAAAAAAKgAAAAEAAAAAAAAAAAAAAABlU/IsAAAAAQAAAAZwYXlf"
            + "MDEAAAAAAAEAAAAAAAAAAQAAAAB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZAAAAAFVU0RDAAAAAEPN"
            + "wCPSLV+eEH0aBpNFfTXR0Q630hxyEZL1b13kBmXTAAAAAAdzWUAAAAAAAAAAARJVMbgAAABA6y2EBrfLEsMyiHkb"
            + "AER4VOdhl5842dzJSCK8UmIcR+AEsdh8IIIPbtJO+QHJr/83XENwNd51ohC3ExQ1kVTwCwAAAAAAAAAB5AZl0wAA"
            + "AEAPjfDIntZHeCi1wqFeWoNqKjhNzFOM/vJ5gcYcJVam2mSJ42+U+ApxNr44LswT3SeXVRI/KlpNVUQLVvu5K+EM");
        bump.IsSignedBy(StellarNetwork.Testnet, _c.AccountId).ShouldBeTrue();
        bump.IsSignedBy(StellarNetwork.Testnet, _a.AccountId).ShouldBeFalse();
    }

    [Fact]
    public void A_sponsored_account_with_its_trustline()
    {
        var envelope = new TransactionBuilder(_c.AccountId, 4_294_967_297)
            .WithBaseFee(250)
            .WithTimeBounds(UntilThen)
            .Add(new BeginSponsoringFutureReservesOperation(_a.AccountId))
            .Add(new CreateAccountOperation(_a.AccountId, 0))
            .Add(new ChangeTrustOperation(Usdc, StellarAmount.Parse("1000")), _a.AccountId)
            .Add(EndSponsoringFutureReservesOperation.Instance, _a.AccountId)
            .Build()
            .Sign(StellarNetwork.Testnet, _c, _a);
        Check(
            envelope,
            "f8b4112e06b074e00f4d5f3eac58e54f6e8077b3c3fc3b2f1aede457e2098320",
            "AAAAAgAAAABDzcAj0i1fnhB9GgaTRX010dEOt9IcchGS9W9d5AZl0wAAA+gAAAABAAAAAQAAAAEAAAAAAAAAAAAA"
            + "AABlU/IsAAAAAAAAAAQAAAAAAAAAEAAAAAADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAAAAAAAAAA"
            + "AAAAAAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AAAAAAAAAAAAAAABAAAAAAOhB7/zzhC+HXDdGOdL"
            + "wJln5NYwm6UNXx3chmQSVTG4AAAABgAAAAFVU0RDAAAAAEPNwCPSLV+eEH0aBpNFfTXR0Q630hxyEZL1b13kBmXT"
            + "AAAAAlQL5AAAAAABAAAAAAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AAAAEQAAAAAAAAAC5AZl0wAA"
            + "AEASX2iAokNQx/Oyf26B1bUkMPqWPZYFW74yY4FPWVJEWvX1WXgzsSl+vnSISTUfWjYdnPtLJ1Qn4CnJi3pr2+kM"
            + "ElUxuAAAAEC/FdpZAnBo3j5rTIA2e2lg0HcPEQf/5Tey2JaIrq6dAH6wFYJJ74Rt65slNbg3GPfHvSj1uIYXOZZN"
            + "UKAYgmsF");
        envelope.IsSignedBy(StellarNetwork.Testnet, _c.AccountId).ShouldBeTrue();
        envelope.IsSignedBy(StellarNetwork.Testnet, _a.AccountId).ShouldBeTrue();
        envelope.IsSignedBy(StellarNetwork.Testnet, _b.AccountId).ShouldBeFalse();
        envelope.IsSignedBy(StellarNetwork.Public, _a.AccountId).ShouldBeFalse();
    }

    [Fact]
    public void Muxed_accounts_and_every_precondition()
    {
        var receiver = new MuxedAccount(_b.AccountId, 12);
        var envelope = new TransactionBuilder(new MuxedAccount(_a.AccountId, 9_223_372_036_854_775_808), 8)
            .WithMemo(new MemoId(ulong.MaxValue))
            .WithTimeBounds(DateTimeOffset.FromUnixTimeSeconds(1_600_000_000), DateTimeOffset.FromUnixTimeSeconds(1_700_000_300))
            .WithLedgerBounds(5, 500)
            .WithMinSequence(3)
            .WithMinSequenceAge(TimeSpan.FromSeconds(60))
            .WithMinSequenceLedgerGap(2)
            .WithExtraSigner(SignerKey.Ed25519(_c.AccountId))
            .WithExtraSigner(SignerKey.Parse("XAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3QAJY"))
            .Add(new PaymentOperation(receiver, Asset.Native, 1), receiver)
            .Build()
            .Sign(StellarNetwork.Testnet, _a);
        Check(
            envelope,
            "25babd8feeec27b713742499067d8a7b50fe2008cda81a0c9e6ec26efaa5d4f7",
            "AAAAAgAAAQCAAAAAAAAAAAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AAAAZAAAAAAAAAAIAAAAAgAA"
            + "AAEAAAAAX14QAAAAAABlU/IsAAAAAQAAAAUAAAH0AAAAAQAAAAAAAAADAAAAAAAAADwAAAACAAAAAgAAAABDzcAj"
            + "0i1fnhB9GgaTRX010dEOt9IcchGS9W9d5AZl0wAAAAIDoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAA"
            + "AAL//////////wAAAAEAAAABAAABAAAAAAAAAAAMebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQAAAAB"
            + "AAABAAAAAAAAAAAMebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQAAAAAAAAAAAAAAAEAAAAAAAAAARJV"
            + "MbgAAABAZI3vjw6JLHAUUFOrvSwkfAu7wuMg4UIa23Ev4PDBPiZZ4fTtdjG7dwq1Ns07HRE+sjceSVQsrFn3X45W"
            + "6nEoDQ==");
    }

    [Fact]
    public void A_memo_hash_and_the_preimage_of_a_hash_signer()
    {
        var envelope = new TransactionBuilder(_a.AccountId, 2)
            .WithMemo(new MemoHash(_a.AccountId.Key))
            .WithTimeBounds(UntilThen)
            .Add(new BumpSequenceOperation(99))
            .Build()
            .Sign(StellarNetwork.Testnet)
            .AddPreimage("open sesame"u8);
        Check(
            envelope,
            "72a9e0d651f5c382c0099fd767184724a61904a1827f1903d322c3d74b5deabf",
            "AAAAAgAAAAADoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuAAAAGQAAAAAAAAAAgAAAAEAAAAAAAAAAAAA"
            + "AABlU/IsAAAAAwOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4AAAAAQAAAAAAAAALAAAAAAAAAGMAAAAA"
            + "AAAAAak+1OsAAAALb3BlbiBzZXNhbWUA");
    }

    private TransactionV1Envelope Payment() => new TransactionBuilder(_a.AccountId, 42)
        .WithMemo(new MemoText("pay_01"))
        .WithTimeBounds(UntilThen)
        .Add(new PaymentOperation(_b.AccountId, Usdc, StellarAmount.Parse("12.5")))
        .Build()
        .Sign(StellarNetwork.Testnet, _a);

    private static void Check(TransactionEnvelope envelope, string hash, string xdr)
    {
        envelope.ToXdrBase64().ShouldBe(xdr);
        envelope.HashOn(StellarNetwork.Testnet).ToString().ShouldBe(hash);
        var decoded = TransactionEnvelope.FromXdrBase64(xdr);
        decoded.ShouldBe(envelope);
        decoded.HashOn(StellarNetwork.Testnet).ToString().ShouldBe(hash);
    }

    // The seed n, n + 1, … n + 31.
    private static SigningKey KeyOf(int first) =>
        SigningKey.FromSeed([.. Enumerable.Range(first, 32).Select(value => (byte)value)]);
}
