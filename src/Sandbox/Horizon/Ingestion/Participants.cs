using StellarPay.Sandbox.Horizon.Operations;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>In whose lists an operation or transaction appears.</summary>
internal static class Participants
{
    public static ValueList<AccountId> Of(AppliedOperation operation, bool successful, AccountId? sponsor)
    {
        var accounts = new HashSet<AccountId> { operation.Source.AccountId };
        switch (operation.Body)
        {
            case CreateAccountOperation create:
                accounts.Add(create.Destination);
                break;
            case PaymentOperation payment:
                accounts.Add(payment.Destination.AccountId);
                break;
            case PathPaymentStrictReceiveOperation path:
                accounts.Add(path.Destination.AccountId);
                break;
            case PathPaymentStrictSendOperation path:
                accounts.Add(path.Destination.AccountId);
                break;
            case AccountMergeOperation merge:
                accounts.Add(merge.Destination.AccountId);
                break;
            case AllowTrustOperation allow:
                accounts.Add(allow.Trustor);
                break;
            case SetTrustLineFlagsOperation set:
                accounts.Add(set.Trustor);
                break;
            case ClawbackOperation clawback:
                accounts.Add(clawback.From.AccountId);
                break;
            case CreateClaimableBalanceOperation create:
                accounts.UnionWith(create.Claimants.Select(claimant => claimant.Destination));
                break;
            case BeginSponsoringFutureReservesOperation begin:
                accounts.Add(begin.SponsoredId);
                break;
            case RevokeSponsorshipOperation revoke when OwnerOf(revoke) is { } owner:
                accounts.Add(owner);
                break;
        }

        if (sponsor is { } known)
        {
            accounts.Add(known);
        }

        if (successful && operation.Body is EndSponsoringFutureReservesOperation && BeginSponsor(operation) is { } begun)
        {
            accounts.Add(begun);
        }

        return accounts.ToValueList();
    }

    /// <summary>The owners of the entries that changed, as these took part though nobody named them.</summary>
    public static IEnumerable<AccountId> Of(IEnumerable<EntryChange> changes)
    {
        foreach (var change in changes)
        {
            switch (change.Either)
            {
                case Account account:
                    yield return account.Id;
                    break;
                case TrustLine line:
                    yield return line.Account;
                    break;
                case Offer offer:
                    yield return offer.Seller;
                    break;
                case NamedData data:
                    yield return data.Account;
                    break;
            }
        }
    }

    public static ValueList<Hash> Balances(AppliedOperation operation)
    {
        var ids = new HashSet<Hash>();
        foreach (var change in operation.Changes)
        {
            if (change.Either is ClaimableBalance balance)
            {
                ids.Add(balance.Id);
            }
        }

        switch (operation.Body)
        {
            case ClaimClaimableBalanceOperation claim:
                ids.Add(claim.BalanceId.Hash);
                break;
            case ClawbackClaimableBalanceOperation clawback:
                ids.Add(clawback.BalanceId.Hash);
                break;
            case RevokeSponsorshipOperation { Entry: LedgerKeyClaimableBalance key }:
                ids.Add(key.BalanceId.Hash);
                break;
        }

        return ids.ToValueList();
    }

    private static AccountId? OwnerOf(RevokeSponsorshipOperation revoke) => revoke.Entry switch
    {
        LedgerKeyAccount account => account.Account,
        LedgerKeyTrustLine line => line.Account,
        LedgerKeyData data => data.Account,
        LedgerKeyOffer offer => offer.Seller,
        _ => revoke.Signer?.Account,
    };

    private static AccountId? BeginSponsor(AppliedOperation end)
    {
        for (var i = end.Index - 1; i >= 0; i--)
        {
            if (end.Envelope.Transaction.Operations[i].Body is BeginSponsoringFutureReservesOperation begin
                && begin.SponsoredId == end.Source.AccountId)
            {
                return end.Envelope.SourceOf(i).AccountId;
            }
        }

        return null;
    }
}
