using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

/// <summary>
/// Keeps its own books: derives every balance from the list of applied operations and their results alone, knowing
/// nothing of the ledger's state. What an issuer holds of its own asset is negative: what it owes.
/// </summary>
internal sealed class Auditor
{
    private readonly Dictionary<(AccountId Account, Asset Asset), long> _balances = [];
    private readonly Dictionary<Hash, (Asset Asset, long Amount)> _claimable = [];
    private long _fees;

    public Auditor(AccountId root, long totalCoins) => Add(root, Asset.Native, totalCoins);

    public void Note(AppliedTransaction applied)
    {
        Add(applied.Frame.FeeSource, Asset.Native, -applied.Result.FeeCharged);
        _fees += applied.Result.FeeCharged;
        if (!applied.IsSuccess)
        {
            return;
        }

        var operations = applied.Frame.Transaction.Operations;
        for (var i = 0; i < operations.Count; i++)
        {
            var source = applied.Frame.SourceOf(operations[i]);
            Note(source, operations[i].Body, applied.OperationResults[i].Inner!);
        }
    }

    /// <summary>What the ledger says otherwise, as sentences.</summary>
    public IEnumerable<string> Disagreements(LedgerState state)
    {
        foreach (var ((id, asset), expected) in _balances.Where(pair => pair.Key.Asset.IsNative))
        {
            if ((state.Account(id)?.Balance ?? 0) != expected)
            {
                yield return $"{id} has other lumens than {expected}";
            }
        }

        foreach (var ((id, asset), expected) in _balances.Where(pair => IsHolding(pair.Key)))
        {
            if ((state.TrustLine(id, asset)?.Balance ?? 0) != expected)
            {
                yield return $"{id} holds other {asset} than {expected}";
            }
        }

        foreach (var asset in state.TrustLines.Select(line => line.Asset).Distinct())
        {
            var held = state.TrustLines.Where(line => line.Asset == asset).Sum(line => line.Balance)
                + state.ClaimableBalances.Where(balance => balance.Asset == asset).Sum(balance => balance.Amount);
            var owed = -_balances.GetValueOrDefault((asset.Issuer, asset));
            if (held != owed)
            {
                yield return $"{held} of {asset} are held, but {owed} are issued";
            }
        }

        if (state.Header.FeePool != _fees)
        {
            yield return $"the fee pool is {state.Header.FeePool}, not {_fees}";
        }

        if (state.ClaimableBalances.Any(balance =>
            !_claimable.TryGetValue(balance.Id, out var expected) || expected != (balance.Asset, balance.Amount))
            || state.ClaimableBalances.Count != _claimable.Count)
        {
            yield return "the claimable balances are others";
        }
    }

    private static bool IsHolding((AccountId Account, Asset Asset) key) =>
        !key.Asset.IsNative && key.Asset.Issuer != key.Account;

    private void Note(AccountId source, OperationBody body, OperationResultBody result)
    {
        switch (body)
        {
            case CreateAccountOperation create:
                Move(source, create.Destination, Asset.Native, create.StartingBalance);
                break;
            case PaymentOperation payment:
                Move(source, payment.Destination.AccountId, payment.Asset, payment.Amount);
                break;
            case PathPaymentStrictReceiveOperation path:
                NotePath(source, path.SendAsset, ((PathPaymentStrictReceiveResult)result).Success!);
                break;
            case PathPaymentStrictSendOperation path:
                NotePath(source, path.SendAsset, ((PathPaymentStrictSendResult)result).Success!);
                break;
            case AccountMergeOperation merge:
                var merged = ((AccountMergeResult)result).SourceBalance!.Value;
                Move(source, merge.Destination.AccountId, Asset.Native, merged);
                break;
            case ClawbackOperation clawback:
                Move(clawback.From.AccountId, source, clawback.Asset, clawback.Amount);
                break;
            case CreateClaimableBalanceOperation create:
                Add(source, create.Asset, -create.Amount);
                _claimable.Add(
                    ((CreateClaimableBalanceResult)result).BalanceId!.Value.Hash, (create.Asset, create.Amount));
                break;
            case ClaimClaimableBalanceOperation claim:
                _claimable.Remove(claim.BalanceId.Hash, out var claimed);
                Add(source, claimed.Asset, claimed.Amount);
                break;
            case ClawbackClaimableBalanceOperation claw:
                _claimable.Remove(claw.BalanceId.Hash, out var clawed);
                Add(source, clawed.Asset, clawed.Amount);
                break;
            default:
                NoteTrades(source, OffersOf(result));
                break;
        }
    }

    private static ValueList<ClaimAtom> OffersOf(OperationResultBody result) => result switch
    {
        ManageSellOfferResult sell => sell.Success!.Claimed,
        ManageBuyOfferResult buy => buy.Success!.Claimed,
        _ => [],
    };

    private void NotePath(AccountId source, Asset sent, PathPaymentSuccess success)
    {
        if (success.Offers.Count == 0)
        {
            Move(source, success.Last.Destination, sent, success.Last.Amount);
            return;
        }

        // All hops pass through the source, which keeps nothing; what the last one delivers goes on.
        NoteTrades(source, success.Offers);
        Move(source, success.Last.Destination, success.Last.Asset, success.Last.Amount);
    }

    private void NoteTrades(AccountId source, ValueList<ClaimAtom> claims)
    {
        foreach (var claim in claims.Cast<ClaimOfferAtom>())
        {
            Move(claim.Seller, source, claim.AssetSold, claim.AmountSold);
            Move(source, claim.Seller, claim.AssetBought, claim.AmountBought);
        }
    }

    private void Move(AccountId from, AccountId to, Asset asset, long amount)
    {
        Add(from, asset, -amount);
        Add(to, asset, amount);
    }

    private void Add(AccountId account, Asset asset, long amount) =>
        _balances[(account, asset)] = checked(_balances.GetValueOrDefault((account, asset)) + amount);
}
