using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// Whether payers can be paid back to the address from which they paid, or that was decided on, by what the network says of it now. Only
/// refuses: what guards the money is decided elsewhere. A merchant has so many questions a minute; why somebody cannot be paid is
/// remembered for a moment, for a refund that is refused leaves nothing, and can be asked for for ever.
/// </summary>
internal sealed class RefundPayers(
    INetworkQuestions network, QuestionBudget budget, IPayeeAccounts own, IOptions<RefundOptions> options, TimeProvider time)
{
    /// <summary>Who is to be paid is known by that address alone to nobody.</summary>
    public const string Required = "refund_address_required";

    /// <summary>There is no such account, or it does not take the asset.</summary>
    public const string Unusable = "refund_destination_unusable";

    /// <summary>It goes to an account of which its payer has not said that it is his own.</summary>
    public const string Unconfirmed = "refund_account_unconfirmed";

    private const int AtOnce = 4;
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Remembers = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(RefundPayee Payer, string Asset), (Error Refusal, long At)> _refused = new();

    private readonly HashSet<string> _shared = new(options.Value.SharedAddresses, StringComparer.Ordinal);

    /// <summary>Of each why he cannot be paid, or null. Where the network does not tell, that is why.</summary>
    /// <param name="merchant">Who asks.</param>
    /// <param name="payers">Addresses, <c>G…</c> or <c>M…</c>, with the memo that goes there.</param>
    /// <param name="asset">In what, in canonical form.</param>
    /// <param name="isClaimed">Whether it is a payer who asks: what he may ask is not what his merchant may.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<(RefundPayee Payer, Error? Refusal)>> CheckAsync(
        string merchant, IReadOnlyList<RefundPayee> payers, string asset, bool isClaimed, CancellationToken cancellationToken)
    {
        var answers = new List<(RefundPayee, Error?)>(payers.Count);
        foreach (var some in payers.Chunk(AtOnce))
        {
            answers.AddRange(some.Zip(await Task.WhenAll(some.Select(
                payer => AskAsync(merchant, payer, asset, isClaimed, cancellationToken)))));
        }

        return answers;
    }

    private async Task<Error?> AskAsync(
        string merchant, RefundPayee payer, string asset, bool isClaimed, CancellationToken cancellationToken)
    {
        if (_refused.TryGetValue((payer, asset), out var refused) && time.GetElapsedTime(refused.At) < Remembers)
        {
            return refused.Refusal;
        }

        try
        {
            return payer.Memo is null && _shared.Contains(payer.To)
                ? AddressRequired(payer.To)
                : await CheckAsync(merchant, payer, asset, isClaimed, cancellationToken);
        }
        catch (NetworkUnavailableException unavailable)
        {
            return QuoteFactsReader.Of(unavailable);
        }
    }

    private async Task<Error?> CheckAsync(
        string merchant, RefundPayee payer, string asset, bool isClaimed, CancellationToken cancellationToken)
    {
        var paid = MuxedAccount.Parse(payer.To);
        var address = paid.AccountId.ToString();
        if (await own.FindStatusAsync(address, cancellationToken) is Wallets.WalletStatus.Active)
        {
            return null;
        }

        if (payer.IsUnnamed && paid.Id is null)
        {
            // The ledger never says whose an account is, and an exchange's own asks for no memo: nobody is paid on a guess.
            return AddressRequired(payer.To);
        }

        if (payer.IsUnconfirmed && paid.Id is null)
        {
            // Whoever has the link could send an exchange's customer's money to where nobody knows him.
            return NotConfirmed;
        }

        if ((isClaimed ? budget.TakeOfPayers(merchant) : budget.TakeOfMerchant(merchant)) is { } tooMany)
        {
            return tooMany;
        }

        var at = time.GetTimestamp();
        var account = await network.GetAccountAsync(address, cancellationToken);
        if (RefusalOf(account, paid, payer.Memo is not null, asset) is not { } refusal)
        {
            return null;
        }

        if (_refused.Count >= MostRemembered)
        {
            _refused.Clear();
        }

        _refused[(payer, asset)] = (refusal, at);
        return refusal;
    }

    private static Error? RefusalOf(NetworkAccount? account, MuxedAccount paid, bool hasMemo, string asset)
    {
        var payer = paid.ToString();
        if (account is { MemoRequired: true } && paid.Id is null && !hasMemo)
        {
            return AddressRequired(payer);
        }

        var canTake = account is not null
            && (asset == Asset.Native.Canonical || Asset.Parse(asset).Issuer == paid.AccountId.ToString()
                || account.Trustlines.Any(line => line.Asset == asset && line.Authorized));
        return canTake
            ? null
            : new Error(ErrorKind.Refused, Unusable, account is null
                ? $"There is no account {payer} on the network, or no longer: nothing can be given back there."
                : $"The account {payer} does not take the asset, or no longer: nothing can be given back there.");
    }

    private static readonly Error NotConfirmed = new(ErrorKind.InvalidRequest, Unconfirmed,
        "What is sent back to an exchange's account is lost to who paid: 'own_account' says that the account that paid is one's own.",
        "own_account");

    private static Error AddressRequired(string payer) => new(ErrorKind.Refused, Required,
        $"Many people pay from {payer}: what is sent there without a memo of their own would be lost to whom it belongs. "
        + "Decide where it goes ('refund_addresses').");
}
