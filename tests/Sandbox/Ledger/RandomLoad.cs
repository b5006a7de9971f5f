using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

/// <summary>Makes transactions that often succeed and often do not, the same for the same seed.</summary>
internal sealed class RandomLoad(TestLedger ledger, int seed)
{
    private static readonly string[] Names = ["issuer", "a", "b", "c", "d", "e", "f", "g"];

    private readonly Random _random = new(seed);

    public TestLedger Prepare()
    {
        ledger.Create(Names);
        ledger.Succeed(
            "issuer", AccountTests.SetFlags(AccountFlags.AuthRevocable | AccountFlags.AuthClawbackEnabled));
        foreach (var asset in Assets())
        {
            foreach (var name in Names[1..])
            {
                ledger.Trust(asset, name).Issue(asset, "issuer", name, _random.NextInt64(1_000_000, 1_000_000_000));
            }
        }

        return ledger;
    }

    /// <summary>One ledger with a transaction of some of the accounts.</summary>
    public ClosedLedger CloseOne()
    {
        foreach (var name in Names)
        {
            if (_random.Next(3) == 0 && ledger.State.Account(ledger.Id(name)) is not null)
            {
                var operations = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Next()).ToArray();
                var transaction = ledger.Transaction(name, operations);
                var frame = ledger.Signed(transaction, name);
                ledger.Submit(_random.Next(4) == 0 ? ledger.Bumped(frame, Pick(), 2000) : frame);
            }
        }

        return ledger.Close();
    }

    private Operation Next() => _random.Next(12) switch
    {
        0 => new PaymentOperation(ledger.Id(Pick()), PickAsset(), Amount()),
        1 or 2 => new ManageSellOfferOperation(PickAsset(), PickAsset(), Amount(), Price(), OfferId()),
        3 => new ManageBuyOfferOperation(PickAsset(), PickAsset(), Amount(), Price(), OfferId()),
        4 => new CreatePassiveSellOfferOperation(PickAsset(), PickAsset(), Amount(), Price()),
        5 => new PathPaymentStrictReceiveOperation(
            PickAsset(), long.MaxValue, ledger.Id(Pick()), PickAsset(), Amount(), [PickAsset()]),
        6 => new PathPaymentStrictSendOperation(PickAsset(), Amount(), ledger.Id(Pick()), PickAsset(), 1, []),
        7 => new CreateClaimableBalanceOperation(
            PickAsset(), Amount(), [new Claimant(ledger.Id(Pick()), ClaimUnconditional.Instance)]),
        8 => new ClaimClaimableBalanceOperation(PickBalance()),
        9 => new ClawbackOperation(Assets()[0], ledger.Id(Pick()), Amount()),
        10 => new SetTrustLineFlagsOperation(
            ledger.Id(Pick()), Assets()[_random.Next(2)], (uint)_random.Next(3), (uint)_random.Next(3)),
        _ => new ManageDataOperation($"{_random.Next(3)}", _random.Next(2) == 0 ? null : Bytes.Create([1])),
    };

    private Asset[] Assets() => [ledger.Asset("USD", "issuer"), ledger.Asset("EUROCOIN", "issuer")];

    private string Pick() => Names[_random.Next(Names.Length)];

    private Asset PickAsset() => _random.Next(3) is > 0 and var place ? Assets()[place - 1] : Asset.Native;

    private long Amount() => _random.NextInt64(1, 1L << _random.Next(1, 26));

    private Price Price() => new(_random.Next(1, 200), _random.Next(1, 200));

    private long OfferId() =>
        _random.Next(4) == 0 && ledger.State.Offers.Count > 0
            ? ledger.State.Offers.ElementAt(_random.Next(ledger.State.Offers.Count)).Id
            : 0;

    private ClaimableBalanceId PickBalance() =>
        ledger.State.ClaimableBalances.Count == 0
            ? default
            : new(ledger.State.ClaimableBalances.ElementAt(_random.Next(ledger.State.ClaimableBalances.Count)).Id);
}
