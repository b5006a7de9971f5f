using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Refunds;

/// <summary>Who is to be paid back.</summary>
/// <param name="Address">His address, <c>G…</c> or <c>M…</c>.</param>
/// <param name="IsUnnamed">
/// Whether he paid at an address of a session's own, which is there for those who cannot say who they are: most pay from an account of
/// an exchange's, and what is sent back there without their memo is nobody's.
/// </param>
internal readonly record struct RefundPayer(string Address, bool IsUnnamed = false);

/// <summary>
/// Whether payers can be paid back to the address from which they paid, by what the network says of it now. Only refuses: what guards the
/// money is decided elsewhere. A merchant has so many questions a minute; why somebody cannot be paid is remembered for a moment, for a
/// refund that is refused leaves nothing, and can be asked for for ever.
/// </summary>
internal sealed class RefundPayers(
    INetworkQuestions network, QuestionBudget budget, IPayeeAccounts own, IOptions<RefundOptions> options, TimeProvider time)
{
    private const int AtOnce = 4;
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Remembers = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(RefundPayer Payer, string Asset), (Error Refusal, long At)> _refused = new();

    private readonly HashSet<string> _shared = new(options.Value.SharedAddresses, StringComparer.Ordinal);

    /// <summary>Of each why he cannot be paid, or null. Where the network does not tell, that is why.</summary>
    /// <param name="merchant">Who asks.</param>
    /// <param name="payers">Who is to be paid.</param>
    /// <param name="asset">In what, in canonical form.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<IReadOnlyList<(RefundPayer Payer, Error? Refusal)>> CheckAsync(
        string merchant, IReadOnlyList<RefundPayer> payers, string asset, CancellationToken cancellationToken)
    {
        var answers = new List<(RefundPayer, Error?)>(payers.Count);
        foreach (var some in payers.Chunk(AtOnce))
        {
            answers.AddRange(some.Zip(await Task.WhenAll(some.Select(payer => AskAsync(merchant, payer, asset, cancellationToken)))));
        }

        return answers;
    }

    private async Task<Error?> AskAsync(string merchant, RefundPayer payer, string asset, CancellationToken cancellationToken)
    {
        if (_refused.TryGetValue((payer, asset), out var refused) && time.GetElapsedTime(refused.At) < Remembers)
        {
            return refused.Refusal;
        }

        try
        {
            return _shared.Contains(payer.Address)
                ? AddressRequired(payer.Address)
                : await CheckAsync(merchant, payer, asset, cancellationToken);
        }
        catch (NetworkUnavailableException unavailable)
        {
            return QuoteFactsReader.Of(unavailable);
        }
    }

    private async Task<Error?> CheckAsync(string merchant, RefundPayer payer, string asset, CancellationToken cancellationToken)
    {
        var paid = MuxedAccount.Parse(payer.Address);
        var address = paid.AccountId.ToString();
        if (await own.FindStatusAsync(address, cancellationToken) is Wallets.WalletStatus.Active)
        {
            return null;
        }

        if (payer.IsUnnamed && paid.Id is null)
        {
            // The ledger never says whose an account is, and an exchange's own asks for no memo: nobody is paid on a guess.
            return AddressRequired(payer.Address);
        }

        if (budget.TakeOfMerchant(merchant) is { } tooMany)
        {
            return tooMany;
        }

        var at = time.GetTimestamp();
        var account = await network.GetAccountAsync(address, cancellationToken);
        if (RefusalOf(account, paid, asset) is not { } refusal)
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

    private static Error? RefusalOf(NetworkAccount? account, MuxedAccount paid, string asset)
    {
        var payer = paid.ToString();
        if (account is { MemoRequired: true } && paid.Id is null)
        {
            return AddressRequired(payer);
        }

        var canTake = account is not null
            && (asset == Asset.Native.Canonical || Asset.Parse(asset).Issuer == paid.AccountId.ToString()
                || account.Trustlines.Any(line => line.Asset == asset && line.Authorized));
        return canTake
            ? null
            : new Error(ErrorKind.Refused, "refund_destination_unusable",
                $"The account {payer} that paid is gone, or takes the asset no longer.");
    }

    private static Error AddressRequired(string payer) => new(ErrorKind.Refused, "refund_address_required",
        $"Many people pay from {payer}: what is sent there without a memo of their own would be lost to whom it belongs.");
}
