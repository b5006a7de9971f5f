using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Which parts of a wallet's state are rows of their own: its payments, its invitations, the balances that it may claim, and
/// the transaction that is signed and not decided. In memory they are members of the state.
/// </summary>
internal static class WalletRows
{
    /// <summary>The row of what goes out by the account's own sequence number: the one channel that a wallet has.</summary>
    public const string OwnChannel = "channel_own";

    private const string PaymentPrefix = "txn_";

    /// <summary>Fills the state with the rows that were read with it.</summary>
    /// <exception cref="InvalidOperationException">A row is of a kind that a later version stores.</exception>
    public static void Take(WalletState state)
    {
        if (state.Key is { } own && own.PublicKey == state.Address)
        {
            // It was read twice, and is to be in memory once.
            state.Address = own.PublicKey;
        }

        if (state.Rows?.Stored is not { } stored)
        {
            return;
        }

        state.Rows = null;
        foreach (var (key, row) in stored)
        {
            if (key == OwnChannel)
            {
                state.Submission = RowDiff.Read<Submission>(state, key, row);
            }
            else if (ClaimSubjects.ClaimedBy(key) is not null)
            {
                (state.Claims ??= []).Add(RowDiff.Read<IncomingClaim>(state, key, row));
            }
            else if (key.StartsWith(PaymentPrefix, StringComparison.Ordinal))
            {
                state.Payments.Add(Share(state, key, RowDiff.Read<PaymentRecord>(state, key, row)));
            }
            else if (key.StartsWith(InvitationId.Prefix, StringComparison.Ordinal))
            {
                (state.Invitations ??= []).Add(RowDiff.Read<InvitationRecord>(state, key, row));
            }
            else
            {
                throw new InvalidOperationException($"Wallet {state.Address} has a row {key}, which this version does not know.");
            }
        }

        // Oldest first, as they were; rows have no order. Of one moment, by their ids.
        state.Payments.Sort((one, other) =>
            First(one.CreatedAt.CompareTo(other.CreatedAt), string.CompareOrdinal(one.Id, other.Id)));
        state.Invitations?.Sort((one, other) =>
            First(one.CreatedAt.CompareTo(other.CreatedAt), string.CompareOrdinal(one.Id, other.Id)));
        state.Claims?.Sort((one, other) =>
            First(one.Ledger.CompareTo(other.Ledger), string.CompareOrdinal(one.BalanceId, other.BalanceId)));
    }

    /// <summary>Puts into the state what its next write does to the rows.</summary>
    public static void Put(WalletState state) => RowDiff.Write(state, All(state));

    // What several rows say is in memory once: an idle wallet is for the most part the texts of its last payments.
    private static PaymentRecord Share(WalletState state, string key, PaymentRecord payment)
    {
        payment.Id = key;
        payment.Asset = BalancesConverter.Share(payment.Asset);
        foreach (var other in state.Payments)
        {
            // Who is paid again is paid at the same place, by the same name, and the same is known of him.
            payment.Destination = payment.Destination == other.Destination ? other.Destination : payment.Destination;
            payment.Recipient = payment.Recipient == other.Recipient ? other.Recipient : payment.Recipient;
            payment.Facts = payment.Facts == other.Facts ? other.Facts : payment.Facts;
        }

        return payment;
    }

    private static int First(int order, int otherwise) => order != 0 ? order : otherwise;

    private static IEnumerable<KeyValuePair<string, object>> All(WalletState state)
    {
        foreach (var payment in state.Payments)
        {
            yield return new(payment.Id, payment);
        }

        foreach (var claim in state.Claims ?? [])
        {
            yield return new(ClaimSubjects.Claim(claim.BalanceId), claim);
        }

        foreach (var invitation in state.Invitations ?? [])
        {
            yield return new(invitation.Id, invitation);
        }

        if (state.Submission is { } submission)
        {
            yield return new(OwnChannel, submission);
        }
    }
}
